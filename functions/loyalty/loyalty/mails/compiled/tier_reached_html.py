# Written by `rishta mail build` from functions/loyalty/loyalty/mails/tier_reached; not by hand.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'tier_reached_html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_locale = resolve('locale')
    l_0_direction = resolve('direction')
    l_0_t = resolve('t')
    l_0_start = resolve('start')
    l_0_dark = resolve('dark')
    l_0_light = resolve('light')
    l_0_brand = resolve('brand')
    l_0_shop_url = resolve('shop_url')
    l_0_shop = resolve('shop')
    l_0_benefits = resolve('benefits')
    l_0_times = resolve('times')
    l_0_next_tier = resolve('next_tier')
    l_0_percent = resolve('percent')
    l_0_points_url = resolve('points_url')
    l_0_base_t = resolve('base_t')
    l_0_view_url = resolve('view_url')
    l_0_preferences_url = resolve('preferences_url')
    l_0_unsubscribe_url = resolve('unsubscribe_url')
    pass
    yield '<!doctype html><html lang="'
    yield escape((undefined(name='locale') if l_0_locale is missing else l_0_locale))
    yield '" dir="'
    yield escape((undefined(name='direction') if l_0_direction is missing else l_0_direction))
    yield '" xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'heading'))
    yield '</title><!--[if !mso]><!--><meta http-equiv="X-UA-Compatible" content="IE=edge"><!--<![endif]--><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">\n<style type="text/css">\n#outlook a { padding: 0; }\nbody { margin: 0; padding: 0; -webkit-text-size-adjust: 100%; -ms-text-size-adjust: 100%; }\ntable, td { border-collapse: collapse; mso-table-lspace: 0pt; mso-table-rspace: 0pt; }\nimg { border: 0; height: auto; line-height: 100%; outline: none; text-decoration: none; -ms-interpolation-mode: bicubic; }\np { display: block; margin: 13px 0; }\n</style>\n<!--[if mso]>\n<noscript>\n<xml>\n<o:OfficeDocumentSettings>\n  <o:AllowPNG/>\n  <o:PixelsPerInch>96</o:PixelsPerInch>\n</o:OfficeDocumentSettings>\n</xml>\n</noscript>\n<![endif]-->\n<!--[if lte mso 11]>\n<style type="text/css">\n.mj-outlook-group-fix { width:100% !important; }\n</style>\n<![endif]-->\n<style type="text/css">@media only screen and (min-width:480px) { .mj-column-per-100 { width:100% !important; max-width:100%; }  }</style><style media="screen and (min-width:480px)">.moz-text-html .mj-column-per-100 { width:100% !important; max-width:100%; } </style><style type="text/css">:root { color-scheme: light dark; supported-color-schemes: light dark; }\n    .card { box-shadow: 0 1px 3px rgba(40, 25, 10, .08); }\n    .code { -webkit-user-select: all; user-select: all; }\n    .foot-links a { display: inline-block; padding: 4px 8px; }\n    @media (max-width: 639px) {\n      .page { padding: 0 12px !important; }\n    }\n    @media (max-width: 479px) {\n      .card > table > tbody > tr > td { padding: 32px 20px !important; }\n      .heading div { font-size: 26px !important; }\n      .button table { width: 100% !important; }\n      .button a { padding: 16px 12px !important; display: block !important; }\n      .picture { width: 58px !important; }\n      .name, .price { display: block !important; padding: 0 !important; }\n      .price { text-align: '
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield ' !important; }\n      .photo { width: 44px !important; }\n      .thumb { width: 44px !important; height: 44px !important; line-height: 44px !important; }\n      .worth { font-size: 38px !important; }\n      .gift { font-size: 25px !important; }\n    }\n    @media (prefers-color-scheme: dark) {   .page, body { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'background'))
    yield ' !important; }\n   .card,  .card > table { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'card'))
    yield ' !important; }\n   .tint { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'tint'))
    yield ' !important; }\n   .code { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'card'))
    yield ' !important; }\n   .button td,  .button a { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'accent'))
    yield ' !important; }\n   .ink,  .ink > div { color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'text'))
    yield ' !important; }\n   .quiet,  .quiet > div,  .quiet a { color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'quiet'))
    yield ' !important; }\n   .accent,  .accent > div,  .accent a { color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'accent'))
    yield ' !important; }\n   .button a { color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'on_accent'))
    yield ' !important; }\n   .line { border-color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'line'))
    yield ' !important; }\n   .ticket,  .card > table > tbody > tr > td { border-color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'accent'))
    yield ' !important; }\n}  [data-ogsb] .page { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'background'))
    yield ' !important; }\n  [data-ogsb] .card, [data-ogsb] .card > table { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'card'))
    yield ' !important; }\n  [data-ogsb] .tint { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'tint'))
    yield ' !important; }\n  [data-ogsb] .code { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'card'))
    yield ' !important; }\n  [data-ogsb] .button td, [data-ogsb] .button a { background: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'accent'))
    yield ' !important; }\n  [data-ogsc] .ink, [data-ogsc] .ink > div { color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'text'))
    yield ' !important; }\n  [data-ogsc] .quiet, [data-ogsc] .quiet > div, [data-ogsc] .quiet a { color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'quiet'))
    yield ' !important; }\n  [data-ogsc] .accent, [data-ogsc] .accent > div, [data-ogsc] .accent a { color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'accent'))
    yield ' !important; }\n  [data-ogsc] .button a { color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'on_accent'))
    yield ' !important; }\n  [data-ogsc] .line { border-color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'line'))
    yield ' !important; }\n  [data-ogsc] .ticket, [data-ogsc] .card > table > tbody > tr > td { border-color: '
    yield escape(environment.getattr((undefined(name='dark') if l_0_dark is missing else l_0_dark), 'accent'))
    yield ' !important; }</style><meta name="color-scheme" content="light dark" /><meta name="supported-color-schemes" content="light dark" /><meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" /></head><body style="word-spacing:normal;background-color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'background'))
    yield ';"><div style="display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;max-width:0px;opacity:0;overflow:hidden;">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'preheader'))
    yield '͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0͏\u200c\xa0</div><div aria-label="'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'heading'))
    yield '" aria-roledescription="email" class="page" role="article" lang="'
    yield escape((undefined(name='locale') if l_0_locale is missing else l_0_locale))
    yield '" dir="'
    yield escape((undefined(name='direction') if l_0_direction is missing else l_0_direction))
    yield '" style="background-color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'background'))
    yield ';"><!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation" align="center" width="600" style="width:600px;"><tr><td style="line-height:0px;font-size:0px;mso-line-height-rule:exactly;"><![endif]--><div style="margin:0px auto;max-width:600px;"><table border="0" cellpadding="0" cellspacing="0" role="presentation" align="center" style="width:100%;"><tbody><tr><td style="direction:'
    yield escape((undefined(name='direction') if l_0_direction is missing else l_0_direction))
    yield ';font-size:0px;padding:36px 8px 24px;text-align:center;"><!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation"><tr><![endif]--><!--[if mso | IE]><td style="vertical-align:top;width:584px;"><![endif]--><div class="mj-outlook-group-fix mj-column-per-100" style="font-size:0px;text-align:left;direction:'
    yield escape((undefined(name='direction') if l_0_direction is missing else l_0_direction))
    yield ';display:inline-block;vertical-align:top;width:100%;"><table border="0" cellpadding="0" cellspacing="0" role="presentation" width="100%" style="vertical-align:top;"><tbody>'
    if environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'logo'):
        pass
        yield '<tr><td align="center" class="ink" style="font-size:0px;padding:0;word-break:break-word;"><table border="0" cellpadding="0" cellspacing="0" width="100%" style="color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
        yield ';font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.5;table-layout:auto;width:100%;border:none;"><tr><td align="center"><a href="'
        yield escape((undefined(name='shop_url') if l_0_shop_url is missing else l_0_shop_url))
        yield '" style="text-decoration:none;"><img src="'
        yield escape(environment.getattr(environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'logo'), 'url'))
        yield '" alt="'
        yield escape(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'name'))
        yield '" width="'
        yield escape(environment.getattr(environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'logo'), 'width'))
        yield '" class="accent" style="display:inline-block;width:'
        yield escape(environment.getattr(environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'logo'), 'width'))
        yield 'px;max-width:100%;height:auto;border:0;font-family:'
        if (environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'headings') == 'serif'):
            pass
            yield "Georgia,'Noto Serif','Noto Serif Devanagari','Times New Roman',serif"
        else:
            pass
            yield "-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Devanagari','Helvetica Neue',Arial,sans-serif"
        yield ';font-size:22px;font-weight:700;color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
        yield ';" /></a></td></tr></table></td></tr>'
    else:
        pass
        yield '<tr><td align="center" class="accent" style="font-size:0px;padding:0;word-break:break-word;"><div style="font-family:'
        if (environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'headings') == 'serif'):
            pass
            yield "Georgia,'Noto Serif','Noto Serif Devanagari','Times New Roman',serif"
        else:
            pass
            yield "-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Devanagari','Helvetica Neue',Arial,sans-serif"
        yield ';font-size:24px;font-weight:700;line-height:1.4;text-align:center;color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
        yield ';"><a href="'
        yield escape((undefined(name='shop_url') if l_0_shop_url is missing else l_0_shop_url))
        yield '" style="color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
        yield ';text-decoration:none;">'
        yield escape(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'name'))
        yield '</a></div></td></tr>'
    yield '</tbody></table></div><!--[if mso | IE]></td><![endif]--><!--[if mso | IE]></tr></table><![endif]--></td></tr></tbody></table></div><!--[if mso | IE]></td></tr></table><![endif]--><!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation" bgcolor="'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'card'))
    yield '" align="center" width="600" class="card-outlook" style="width:600px;"><tr><td style="line-height:0px;font-size:0px;mso-line-height-rule:exactly;"><![endif]--><div class="card" style="background:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'card'))
    yield ';background-color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'card'))
    yield ';margin:0px auto;max-width:600px;border-radius:14px;overflow:hidden;"><table border="0" cellpadding="0" cellspacing="0" role="presentation" align="center" style="background:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'card'))
    yield ';background-color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'card'))
    yield ';width:100%;border-collapse:separate;"><tbody><tr><td style="border-top:6px solid '
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
    yield ';border-radius:14px;direction:'
    yield escape((undefined(name='direction') if l_0_direction is missing else l_0_direction))
    yield ';font-size:0px;padding:44px 48px 48px;text-align:center;"><!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation"><tr><![endif]--><!--[if mso | IE]><td style="vertical-align:top;width:504px;"><![endif]--><div class="mj-outlook-group-fix mj-column-per-100" style="font-size:0px;text-align:left;direction:'
    yield escape((undefined(name='direction') if l_0_direction is missing else l_0_direction))
    yield ';display:inline-block;vertical-align:top;width:100%;"><table border="0" cellpadding="0" cellspacing="0" role="presentation" width="100%" style="vertical-align:top;"><tbody><tr><td align="'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield '" class="ink heading" style="font-size:0px;padding:0 0 16px;word-break:break-word;"><div style="font-family:'
    if (environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'headings') == 'serif'):
        pass
        yield "Georgia,'Noto Serif','Noto Serif Devanagari','Times New Roman',serif"
    else:
        pass
        yield "-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Devanagari','Helvetica Neue',Arial,sans-serif"
    yield ';font-size:32px;font-weight:700;line-height:1.35;text-align:'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield ';color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
    yield ';"><h1 style="margin:0;font:inherit;">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'heading'))
    yield '</h1></div></td></tr><tr><td align="'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield '" class="ink" style="font-size:0px;padding:0 0 16px;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.65;text-align:'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield ';color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
    yield ';">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'greeting'))
    yield '</div></td></tr>'
    if ((undefined(name='benefits') if l_0_benefits is missing else l_0_benefits) or (undefined(name='times') if l_0_times is missing else l_0_times)):
        pass
        yield '<tr><td align="'
        yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
        yield '" class="ink" style="font-size:0px;padding:4px 0 8px;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;font-weight:700;line-height:1.65;text-align:'
        yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
        yield ';color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
        yield ';">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'brings'))
        yield '</div></td></tr><tr><td align="left" class="ink" style="font-size:0px;padding:0 0 12px;word-break:break-word;"><table border="0" cellpadding="0" cellspacing="0" width="100%" style="color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
        yield ';font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.5;table-layout:auto;width:100%;border:none;">\n'
        if (undefined(name='times') if l_0_times is missing else l_0_times):
            pass
            yield '<tr><td class="accent" width="28" valign="top" aria-hidden="true" style="width:28px;padding:6px 0;color:'
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
            yield ';font-weight:700;">✓</td><td class="ink" valign="top" align="'
            yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
            yield '" style="padding:6px 0;color:'
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
            yield ';word-break:break-word;">'
            yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'times'))
            yield '</td></tr>\n\n'
        for l_1_benefit in (undefined(name='benefits') if l_0_benefits is missing else l_0_benefits):
            l_1_show = resolve('show')
            _loop_vars = {}
            pass
            yield '<tr><td class="accent" width="28" valign="top" aria-hidden="true" style="width:28px;padding:6px 0;color:'
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
            yield ';font-weight:700;">✓</td><td class="ink" valign="top" align="'
            yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
            yield '" style="padding:6px 0;color:'
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
            yield ';word-break:break-word;">'
            yield escape(context.call((undefined(name='show') if l_1_show is missing else l_1_show), l_1_benefit, _loop_vars=_loop_vars))
            yield '</td></tr>\n\n'
        l_1_benefit = l_1_show = missing
        yield '</table></td></tr>'
    if (undefined(name='next_tier') if l_0_next_tier is missing else l_0_next_tier):
        pass
        yield '<tr><td align="'
        yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
        yield '" class="ink" style="font-size:0px;padding:8px 0 8px;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.65;text-align:'
        yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
        yield ';color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
        yield ';">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'next'))
        yield '</div></td></tr><tr><td align="left" class="ink" style="font-size:0px;padding:4px 0 12px;word-break:break-word;"><table border="0" cellpadding="0" cellspacing="0" width="100%" style="color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
        yield ';font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.5;table-layout:auto;width:100%;border:none;"><tr><td><table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;"><tr>\n'
        if ((undefined(name='percent') if l_0_percent is missing else l_0_percent) > 0):
            pass
            yield '      <td class="ticket" width="'
            yield escape((undefined(name='percent') if l_0_percent is missing else l_0_percent))
            yield '%" style="border-top:10px solid '
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
            yield ';font-size:0;line-height:0;">&nbsp;</td>\n'
        yield '      <td class="line" width="'
        yield escape((100 - (undefined(name='percent') if l_0_percent is missing else l_0_percent)))
        yield '%" style="border-top:10px solid '
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'line'))
        yield ';font-size:0;line-height:0;">&nbsp;</td></tr></table></td></tr></table></td></tr>'
    else:
        pass
        yield '<tr><td align="'
        yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
        yield '" class="ink" style="font-size:0px;padding:8px 0 0;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.65;text-align:'
        yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
        yield ';color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
        yield ';">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'highest'))
        yield '</div></td></tr>'
    yield '<tr><td align="'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield '" vertical-align="middle" class="button" style="font-size:0px;padding:20px 0 0;word-break:break-word;"><table border="0" cellpadding="0" cellspacing="0" role="presentation" style="border-collapse:separate;line-height:100%;"><tbody><tr><td align="center" bgcolor="'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
    yield '" role="presentation" valign="middle" style="border:none;border-radius:10px;cursor:auto;mso-padding-alt:16px 32px;background:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
    yield ';"><a href="'
    yield escape((undefined(name='shop_url') if l_0_shop_url is missing else l_0_shop_url))
    yield '" target="_blank" style="display:inline-block;background:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
    yield ';color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'on_accent'))
    yield ';font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;font-weight:700;line-height:1.4;margin:0;text-decoration:none;text-transform:none;padding:16px 32px;mso-padding-alt:0px;border-radius:10px;">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'button'))
    yield '</a></td></tr></tbody></table></td></tr><tr><td align="'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield '" class="accent" style="font-size:0px;padding:20px 0 0;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.65;text-align:'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield ';color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
    yield ';"><a href="'
    yield escape((undefined(name='points_url') if l_0_points_url is missing else l_0_points_url))
    yield '" style="color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
    yield ';">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'statement'))
    yield '</a></div></td></tr>    </tbody></table></div><!--[if mso | IE]></td><![endif]--><!--[if mso | IE]></tr></table><![endif]--></td></tr></tbody></table></div><!--[if mso | IE]></td></tr></table><![endif]--><!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation" align="center" width="600" style="width:600px;"><tr><td style="line-height:0px;font-size:0px;mso-line-height-rule:exactly;"><![endif]--><div style="margin:0px auto;max-width:600px;"><table border="0" cellpadding="0" cellspacing="0" role="presentation" align="center" style="width:100%;"><tbody><tr><td style="direction:'
    yield escape((undefined(name='direction') if l_0_direction is missing else l_0_direction))
    yield ';font-size:0px;padding:28px 16px 48px;text-align:center;"><!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation"><tr><![endif]--><!--[if mso | IE]><td style="vertical-align:top;width:568px;"><![endif]--><div class="mj-outlook-group-fix mj-column-per-100" style="font-size:0px;text-align:left;direction:'
    yield escape((undefined(name='direction') if l_0_direction is missing else l_0_direction))
    yield ';display:inline-block;vertical-align:top;width:100%;"><table border="0" cellpadding="0" cellspacing="0" role="presentation" width="100%" style="vertical-align:top;"><tbody><tr><td align="center" class="quiet" style="font-size:0px;padding:0 0 12px;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:13px;line-height:1.7;text-align:center;color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'quiet'))
    yield ';">'
    yield escape(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'why'))
    yield '</div></td></tr><tr><td align="center" class="quiet foot-links" style="font-size:0px;padding:0 0 12px;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:13px;line-height:1.7;text-align:center;color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'quiet'))
    yield ';"><a ses:no-track href="'
    yield escape((undefined(name='view_url') if l_0_view_url is missing else l_0_view_url))
    yield '" style="color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'quiet'))
    yield ';">'
    yield escape(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'view'))
    yield '</a><a ses:no-track href="'
    yield escape((undefined(name='preferences_url') if l_0_preferences_url is missing else l_0_preferences_url))
    yield '" style="color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'quiet'))
    yield ';">'
    yield escape(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'preferences'))
    yield '</a><a ses:no-track href="'
    yield escape((undefined(name='unsubscribe_url') if l_0_unsubscribe_url is missing else l_0_unsubscribe_url))
    yield '" style="color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'quiet'))
    yield ';">'
    yield escape(context.call((undefined(name='base_t') if l_0_base_t is missing else l_0_base_t), 'unsubscribe'))
    yield '</a></div></td></tr>'
    if environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'social'):
        pass
        yield '<tr><td align="center" class="quiet foot-links" style="font-size:0px;padding:0 0 12px;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:13px;line-height:1.7;text-align:center;color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'quiet'))
        yield ';">\n'
        for (l_1_name, l_1_page) in context.call(environment.getattr(environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'social'), 'items')):
            l_1_link = resolve('link')
            _loop_vars = {}
            pass
            yield '<a href="'
            yield escape(context.call((undefined(name='link') if l_1_link is missing else l_1_link), l_1_page, _loop_vars=_loop_vars))
            yield '" style="color:'
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'quiet'))
            yield ';">'
            yield escape(l_1_name)
            yield '</a> '
        l_1_name = l_1_page = l_1_link = missing
        yield '      </div></td></tr>'
    yield '<tr><td align="center" class="quiet" style="font-size:0px;padding:0;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:13px;line-height:1.7;text-align:center;color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'quiet'))
    yield ';">'
    yield escape(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'name'))
    yield ' · '
    yield escape(environment.getattr((undefined(name='shop') if l_0_shop is missing else l_0_shop), 'postal_address'))
    yield '</div></td></tr></tbody></table></div><!--[if mso | IE]></td><![endif]--><!--[if mso | IE]></tr></table><![endif]--></td></tr></tbody></table></div><!--[if mso | IE]></td></tr></table><![endif]--></div></body></html>'

blocks = {}
debug_info = '1=30&38=36&44=38&45=40&46=42&47=44&48=46&49=48&50=50&51=52&52=54&53=56&54=58&55=60&56=62&57=64&58=66&59=68&60=70&61=72&62=74&63=76&64=78&65=80&66=193&67=196&70=204&71=209&74=219&75=232&76=235&78=240&79=315&80=329'
