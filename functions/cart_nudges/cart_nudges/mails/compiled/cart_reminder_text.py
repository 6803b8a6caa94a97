# Written by `rishta mail build` from functions/cart_nudges/cart_nudges/mails/cart_reminder; not by hand.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'cart_reminder_text'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_shop = resolve('shop')
    l_0_t = resolve('t')
    l_0_lines = resolve('lines')
    l_0_others = resolve('others')
    l_0_base_t = resolve('base_t')
    l_0_total = resolve('total')
    l_0_show = resolve('show')
    l_0_benefit = resolve('benefit')
    l_0_worth = resolve('worth')
    l_0_code = resolve('code')
    l_0_cart_url = resolve('cart_url')
    l_0_view_url = resolve('view_url')
    l_0_preferences_url = resolve('preferences_url')
    l_0_unsubscribe_url = resolve('unsubscribe_url')
    l_0_brand = resolve('brand')
    try:
        t_1 = environment.filters['list']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'list' found.")
    try:
        t_2 = environment.filters['select']
    except KeyError:
        @internalcode
        def t_2(*unused):
            raise TemplateRuntimeError("No filter named 'select' found.")
    pass
    yield str(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'name'))
    yield '\n\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'heading'))
    yield '\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'greeting'))
    yield '\n\n'
    for l_1_line in (undefined(name='lines') if l_0_lines is missing else l_0_lines):
        _loop_vars = {}
        pass
        yield '- '
        yield str((str_join(('\u2068', environment.getattr(l_1_line, 'name'), '\u2069', )) if t_1(context.eval_ctx, t_2(context, t_2(context, environment.getattr(l_1_line, 'name'), 'ge', '\u0590'), 'lt', 'ऀ')) else environment.getattr(l_1_line, 'name')))
        if environment.getattr(l_1_line, 'options'):
            pass
            yield ' ('
            yield str((str_join(('\u2068', environment.getattr(l_1_line, 'options'), '\u2069', )) if t_1(context.eval_ctx, t_2(context, t_2(context, environment.getattr(l_1_line, 'options'), 'ge', '\u0590'), 'lt', 'ऀ')) else environment.getattr(l_1_line, 'options')))
            yield ')'
        if (environment.getattr(l_1_line, 'quantity') > 1):
            pass
            yield ' × '
            yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), environment.getattr(l_1_line, 'quantity'), _loop_vars=_loop_vars))
        yield ': '
        yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), environment.getattr(l_1_line, 'price'), _loop_vars=_loop_vars))
        yield '\n'
    l_1_line = missing
    if (undefined(name='others') if l_0_others is missing else l_0_others):
        pass
        yield '  '
        yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'others'))
        yield '\n'
    if (undefined(name='total') if l_0_total is missing else l_0_total):
        pass
        yield '\n'
        yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'total'))
        yield ': '
        yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='total') if l_0_total is missing else l_0_total)))
        yield '\n'
    yield '\n'
    if ((undefined(name='benefit') if l_0_benefit is missing else l_0_benefit) != 'none'):
        pass
        yield '\n'
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'offer'))
        yield '\n\n    '
        yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='worth') if l_0_worth is missing else l_0_worth)))
        yield '\n    '
        yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'offer_code'))
        yield ': '
        yield str((undefined(name='code') if l_0_code is missing else l_0_code))
        yield '\n    '
        yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'offer_ends'))
        yield '\n\n'
        yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'offer_use'))
        yield '\n\n'
    yield '\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'button'))
    yield ': '
    yield str((undefined(name='cart_url') if l_0_cart_url is missing else l_0_cart_url))
    yield '\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'note'))
    yield '\n\n--\n'
    yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'why'))
    yield '\n\n'
    yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'view'))
    yield ': '
    yield str((undefined(name='view_url') if l_0_view_url is missing else l_0_view_url))
    yield '\n'
    yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'preferences'))
    yield ': '
    yield str((undefined(name='preferences_url') if l_0_preferences_url is missing else l_0_preferences_url))
    yield '\n'
    yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'unsubscribe'))
    yield ': '
    yield str((undefined(name='unsubscribe_url') if l_0_unsubscribe_url is missing else l_0_unsubscribe_url))
    yield '\n\n'
    for (l_1_name, l_1_page) in context.call(environment.getattr(environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'social'), 'items')):
        l_1_link = resolve('link')
        _loop_vars = {}
        pass
        yield str(l_1_name)
        yield ': '
        yield str(context.call((undefined(name='link') if l_1_link is missing else l_1_link), l_1_page, _loop_vars=_loop_vars))
        yield '\n'
    l_1_name = l_1_page = l_1_link = missing
    yield str(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'name'))
    yield ', '
    yield str(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'postal_address'))

blocks = {}
debug_info = '1=38&4=40&6=42&8=44&9=48&11=62&12=65&14=67&16=70&19=75&21=78&23=80&24=82&25=86&27=88&31=91&33=95&36=97&38=99&39=103&40=107&42=111&43=115&45=120'
