# Written by `rishta mail build` from functions/loyalty/loyalty/mails/points_statement; not by hand.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'points_statement_text'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_shop = resolve('shop')
    l_0_t = resolve('t')
    l_0_earned = resolve('earned')
    l_0_show = resolve('show')
    l_0_redeemed = resolve('redeemed')
    l_0_given_back = resolve('given_back')
    l_0_taken_back = resolve('taken_back')
    l_0_expired = resolve('expired')
    l_0_adjusted = resolve('adjusted')
    l_0_balance = resolve('balance')
    l_0_pending = resolve('pending')
    l_0_next_points = resolve('next_points')
    l_0_next_tier = resolve('next_tier')
    l_0_points_url = resolve('points_url')
    l_0_shop_url = resolve('shop_url')
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
    yield '\n\n'
    if (undefined(name='earned') if l_0_earned is missing else l_0_earned):
        pass
        yield '- '
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'moved_earned'))
        yield ': '
        yield str(str_join(('+', context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='earned') if l_0_earned is missing else l_0_earned)), )))
        yield '\n'
    if (undefined(name='redeemed') if l_0_redeemed is missing else l_0_redeemed):
        pass
        yield '- '
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'moved_redeemed'))
        yield ': '
        yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='redeemed') if l_0_redeemed is missing else l_0_redeemed)))
        yield '\n'
    if (undefined(name='given_back') if l_0_given_back is missing else l_0_given_back):
        pass
        yield '- '
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'moved_given_back'))
        yield ': '
        yield str(str_join(('+', context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='given_back') if l_0_given_back is missing else l_0_given_back)), )))
        yield '\n'
    if (undefined(name='taken_back') if l_0_taken_back is missing else l_0_taken_back):
        pass
        yield '- '
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'moved_taken_back'))
        yield ': '
        yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='taken_back') if l_0_taken_back is missing else l_0_taken_back)))
        yield '\n'
    if (undefined(name='expired') if l_0_expired is missing else l_0_expired):
        pass
        yield '- '
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'moved_expired'))
        yield ': '
        yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='expired') if l_0_expired is missing else l_0_expired)))
        yield '\n'
    if (undefined(name='adjusted') if l_0_adjusted is missing else l_0_adjusted):
        pass
        yield '- '
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'moved_adjusted'))
        yield ': '
        yield str(str_join((('+' if ((undefined(name='adjusted') if l_0_adjusted is missing else l_0_adjusted) > 0) else ''), context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='adjusted') if l_0_adjusted is missing else l_0_adjusted)), )))
        yield '\n'
    yield '\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'today'))
    yield ': '
    yield str(context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='balance') if l_0_balance is missing else l_0_balance)))
    yield '\n'
    if (undefined(name='pending') if l_0_pending is missing else l_0_pending):
        pass
        yield '\n'
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'pending'))
        yield '\n'
    if (undefined(name='next_points') if l_0_next_points is missing else l_0_next_points):
        pass
        yield '\n'
        yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'next_end'))
        yield '\n'
    yield '\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'tier'))
    yield '\n'
    yield str((context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'next') if (undefined(name='next_tier') if l_0_next_tier is missing else l_0_next_tier) else context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'highest')))
    yield '\n\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'statement'))
    yield ': '
    yield str((undefined(name='points_url') if l_0_points_url is missing else l_0_points_url))
    yield '\n'
    yield str(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'button'))
    yield ': '
    yield str((undefined(name='shop_url') if l_0_shop_url is missing else l_0_shop_url))
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
debug_info = '1=31&4=33&6=35&8=37&9=40&11=44&12=47&14=51&15=54&17=58&18=61&20=65&21=68&23=72&24=75&27=80&28=84&30=87&32=89&34=92&37=95&38=97&40=99&41=103&44=107&46=109&47=113&48=117&50=121&51=125&53=130'
