# Written by `rishta mail build` from functions/loyalty/loyalty/mails/tier_lowered; not by hand.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'tier_lowered_text'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_shop = resolve('shop')
    l_0_t = resolve('t')
    l_0_benefits = resolve('benefits')
    l_0_times = resolve('times')
    l_0_next_tier = resolve('next_tier')
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
    yield '\n'
    if ((undefined(name='benefits') if l_0_benefits is missing else l_0_benefits) or (undefined(name='times') if l_0_times is missing else l_0_times)):
        pass
        yield '\n'
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'brings'))
        yield '\n\n'
        if (undefined(name='times') if l_0_times is missing else l_0_times):
            pass
            yield '- '
            yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'times'))
            yield '\n'
        for l_1_benefit in (undefined(name='benefits') if l_0_benefits is missing else l_0_benefits):
            l_1_show = resolve('show')
            _loop_vars = {}
            pass
            yield '- '
            yield str(context.call((undefined(name='show') if l_1_show is missing else l_1_show), l_1_benefit, _loop_vars=_loop_vars))
            yield '\n'
        l_1_benefit = l_1_show = missing
    yield '\n'
    yield str((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'next') if (undefined(name='next_tier') if l_0_next_tier is missing else l_0_next_tier) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'highest')))
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
debug_info = '1=23&4=25&6=27&7=29&9=32&11=34&12=37&14=39&15=44&19=48&21=50&22=54&25=58&27=60&28=64&29=68&31=72&32=76&34=81'
