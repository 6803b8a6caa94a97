# Written by `rishta mail build` from functions/loyalty/loyalty/mails/points_expiring; not by hand.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'points_expiring_text'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_shop = resolve('shop')
    l_0_t = resolve('t')
    l_0_show = resolve('show')
    l_0_points = resolve('points')
    l_0_later = resolve('later')
    l_0_shop_url = resolve('shop_url')
    l_0_points_url = resolve('points_url')
    l_0_base_t = resolve('base_t')
    l_0_view_url = resolve('view_url')
    l_0_preferences_url = resolve('preferences_url')
    l_0_unsubscribe_url = resolve('unsubscribe_url')
    l_0_brand = resolve('brand')
    pass
    yield str(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'name'))
    yield '\n\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'heading'))
    yield '\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'greeting'))
    yield '\n\n    '
    yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='points') if l_0_points is missing else l_0_points)))
    yield '\n    '
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'good'))
    yield '\n'
    if (undefined(name='later') if l_0_later is missing else l_0_later):
        pass
        yield '\n'
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'later'))
        yield '\n\n'
        for l_1_each in (undefined(name='later') if l_0_later is missing else l_0_later):
            _loop_vars = {}
            pass
            yield '- '
            yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), environment.getattr(l_1_each, 'last_day'), _loop_vars=_loop_vars))
            yield ': '
            yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), environment.getattr(l_1_each, 'points'), _loop_vars=_loop_vars))
            yield '\n'
        l_1_each = missing
    yield '\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'how'))
    yield '\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'button'))
    yield ': '
    yield str((undefined(name='shop_url') if l_0_shop_url is missing else l_0_shop_url))
    yield '\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'statement'))
    yield ': '
    yield str((undefined(name='points_url') if l_0_points_url is missing else l_0_points_url))
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
debug_info = '1=23&4=25&6=27&8=29&9=31&10=33&12=36&14=38&15=42&19=48&21=50&22=54&25=58&27=60&28=64&29=68&31=72&32=76&34=81'
