# Written by `rishta mail build` from functions/review_requests/review_requests/mails/review_reminder; not by hand.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'review_reminder_text'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_shop = resolve('shop')
    l_0_t = resolve('t')
    l_0_products = resolve('products')
    l_0_others = resolve('others')
    l_0_base_t = resolve('base_t')
    l_0_points = resolve('points')
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
    for l_1_product in (undefined(name='products') if l_0_products is missing else l_0_products):
        l_1_show = resolve('show')
        _loop_vars = {}
        pass
        yield '- '
        yield str((str_join(('\u2068', environment.getattr(l_1_product, 'name'), '\u2069', )) if t_1(context.eval_ctx, t_2(context, t_2(context, environment.getattr(l_1_product, 'name'), 'ge', '\u0590'), 'lt', 'ऀ')) else environment.getattr(l_1_product, 'name')))
        if (environment.getattr(l_1_product, 'quantity') > 1):
            pass
            yield ' × '
            yield str(context.call((undefined(name='show') if l_1_show is missing else l_1_show), environment.getattr(l_1_product, 'quantity'), _loop_vars=_loop_vars))
        yield ':\n  '
        yield str(environment.getattr(l_1_product, 'url'))
        yield '\n\n'
    l_1_product = l_1_show = missing
    if (undefined(name='others') if l_0_others is missing else l_0_others):
        pass
        yield '  '
        yield str(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'others'))
        yield '\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'welcome'))
    yield '\n'
    if (undefined(name='points') if l_0_points is missing else l_0_points):
        pass
        yield '\n'
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'reward'))
        yield '\n'
    yield '\n'
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
debug_info = '1=33&4=35&6=37&8=39&9=44&10=50&13=53&14=56&17=58&18=60&20=63&23=66&26=68&28=70&29=74&30=78&32=82&33=86&35=91'
