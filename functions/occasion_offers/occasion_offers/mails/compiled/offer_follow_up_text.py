# Written by `rishta mail build` from functions/occasion_offers/occasion_offers/mails/offer_follow_up; not by hand.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'offer_follow_up_text'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_shop = resolve('shop')
    l_0_t = resolve('t')
    l_0_show = resolve('show')
    l_0_worth = resolve('worth')
    l_0_base_t = resolve('base_t')
    l_0_code = resolve('code')
    l_0_shop_url = resolve('shop_url')
    l_0_view_url = resolve('view_url')
    l_0_preferences_url = resolve('preferences_url')
    l_0_unsubscribe_url = resolve('unsubscribe_url')
    l_0_brand = resolve('brand')
    pass
    yield str(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'name'))
    yield '\n\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'heading'))
    yield '\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'reminder'))
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
    yield '\n\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'button'))
    yield ': '
    yield str((undefined(name='shop_url') if l_0_shop_url is missing else l_0_shop_url))
    yield '\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'no_hurry'))
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
debug_info = '1=22&4=24&6=26&8=28&9=30&10=34&12=36&15=38&17=42&20=44&22=46&23=50&24=54&26=58&27=62&29=67'
