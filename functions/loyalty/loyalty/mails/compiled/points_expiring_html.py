# Written by `rishta mail build` from functions/loyalty/loyalty/mails/points_expiring; not by hand.
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'points_expiring_html'

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
    l_0_show = resolve('show')
    l_0_points = resolve('points')
    l_0_later = resolve('later')
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
    yield '" class="ink" style="font-size:0px;padding:0 0 20px;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.65;text-align:'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield ';color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
    yield ';">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'greeting'))
    yield '</div></td></tr><tr><td align="left" class="ink" style="font-size:0px;padding:0 0 8px;word-break:break-word;"><table border="0" cellpadding="0" cellspacing="0" width="100%" style="color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
    yield ';font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.5;table-layout:auto;width:100%;border:none;"><tr><td class="tint ticket" align="center" style="padding:28px 16px;border:2px dashed '
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
    yield ';border-radius:14px;background:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'tint'))
    yield ';"><div class="accent worth" style="font-family:'
    if (environment.getattr((undefined(name='brand') if l_0_brand is missing else l_0_brand), 'headings') == 'serif'):
        pass
        yield "Georgia,'Noto Serif','Noto Serif Devanagari','Times New Roman',serif"
    else:
        pass
        yield "-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Devanagari','Helvetica Neue',Arial,sans-serif"
    yield ';font-size:46px;line-height:1.25;font-weight:700;word-break:break-word;text-wrap:balance;color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'accent'))
    yield ';">'
    yield escape(context.call((undefined(name='show') if l_0_show is missing else l_0_show), (undefined(name='points') if l_0_points is missing else l_0_points)))
    yield '</div><div class="ink" style="padding:10px 0 0;font-size:16px;line-height:1.5;font-weight:700;text-wrap:balance;color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
    yield ';">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'good'))
    yield '</div></td></tr></table></td></tr>'
    if (undefined(name='later') if l_0_later is missing else l_0_later):
        pass
        yield '<tr><td align="'
        yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
        yield '" class="ink" style="font-size:0px;padding:12px 0 8px;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.65;text-align:'
        yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
        yield ';color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
        yield ';">'
        yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'later'))
        yield '</div></td></tr><tr><td align="left" class="ink" style="font-size:0px;padding:0 0 8px;word-break:break-word;"><table border="0" cellpadding="0" cellspacing="0" width="100%" style="color:'
        yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
        yield ';font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.5;table-layout:auto;width:100%;border:none;">\n'
        for l_1_each in (undefined(name='later') if l_0_later is missing else l_0_later):
            l_1_end = resolve('end')
            _loop_vars = {}
            pass
            yield '<tr><td class="line ink" width="45%" valign="top" align="'
            yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
            yield '" style="padding:12px 0;border-top:1px solid '
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'line'))
            yield ';color:'
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
            yield ';">'
            yield escape(context.call((undefined(name='show') if l_0_show is missing else l_0_show), environment.getattr(l_1_each, 'last_day'), _loop_vars=_loop_vars))
            yield '</td><td class="line ink" valign="top" align="'
            yield escape((undefined(name='end') if l_1_end is missing else l_1_end))
            yield '" style="padding:12px 0;padding-'
            yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
            yield ':16px;border-top:1px solid '
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'line'))
            yield ';color:'
            yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
            yield ';font-weight:700;word-break:break-word;">'
            yield escape(context.call((undefined(name='show') if l_0_show is missing else l_0_show), environment.getattr(l_1_each, 'points'), _loop_vars=_loop_vars))
            yield '</td></tr>\n\n'
        l_1_each = l_1_end = missing
        yield '</table></td></tr>'
    yield '<tr><td align="'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield '" class="ink" style="font-size:0px;padding:12px 0 0;word-break:break-word;"><div style="font-family:-apple-system,\'Segoe UI\',Roboto,\'Noto Sans\',\'Noto Sans Devanagari\',\'Helvetica Neue\',Arial,sans-serif;font-size:16px;line-height:1.65;text-align:'
    yield escape((undefined(name='start') if l_0_start is missing else l_0_start))
    yield ';color:'
    yield escape(environment.getattr((undefined(name='light') if l_0_light is missing else l_0_light), 'text'))
    yield ';">'
    yield escape(context.call((undefined(name='t') if l_0_t is missing else l_0_t), 'how'))
    yield '</div></td></tr><tr><td align="'
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
debug_info = '1=29&38=35&44=37&45=39&46=41&47=43&48=45&49=47&50=49&51=51&52=53&53=55&54=57&55=59&56=61&57=63&58=65&59=67&60=69&61=71&62=73&63=75&64=77&65=79&66=213&67=218&70=239&71=306&72=320'
