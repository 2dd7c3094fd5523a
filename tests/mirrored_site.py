"""A site with all that pages do to load late: shown by its own scripts, and the same to be seen in a copy of it.

Each box is 60 points high and has its own colour, so that a picture of the page tells what is there.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from tests.web_pages import Pages

COLOURS = {
    "src": (200, 0, 0), "late": (0, 150, 0), "lazy": (0, 0, 200), "set": (200, 150, 0), "picture": (0, 150, 150),
    "wide": (150, 0, 150), "bg": (90, 60, 30), "css": (255, 120, 0), "imageset": (120, 200, 40), "poster": (60, 60, 60),
}  # fmt: skip
FIXED = {"header": (30, 60, 120), "edge": (250, 200, 0), "corner": (0, 200, 200), "nav": (220, 220, 250),
         "aside": (240, 200, 240), "footer": (120, 0, 0)}  # fmt: skip
"""What keeps its place in the window, or at an edge of the page."""
DRAWN = {"loaf": (1, 2, 3), "roll": (3, 2, 1), "inset": (20, 90, 60)}
SMALL = (255, 0, 255)
"""What stands there until a script has been at work, and the smaller sizes."""
BAR = (255, 243, 196)


def box(colour: tuple[int, int, int], width: int = 120, height: int = 60) -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "PNG")
    return made.getvalue()


# What the libraries do for which these attributes are made, when a picture comes into sight.
SCRIPT = """
for (const each of document.querySelectorAll('[data-src],[data-lazy-src],[data-srcset]')) {
  if (each.dataset.srcset) each.srcset = each.dataset.srcset;
  const late = each.dataset.src || each.dataset.lazySrc;
  if (late) each.src = late;
  each.classList.replace('lazyload', 'lazyloaded');
}
for (const each of document.querySelectorAll('[data-bg]')) {
  each.style.setProperty('background-image', `url(${each.dataset.bg})`, 'important');
}
document.querySelector('#made').innerHTML = '<a href="/by-a-script.html">made</a>';
"""
SHEET = """@charset "utf-8"; @namespace svg url(http://www.w3.org/2000/svg);
html, body { margin: 0; padding: 0; border: 0; height: 100% }
body { position: relative; font: 16px/20px DejaVu Sans, sans-serif; background: #fff }
header { position: fixed; inset: 0 0 auto; height: 50px; background: rgb(30, 60, 120); color: #fff; z-index: 9 }
.corner { position: absolute; top: 60px; right: 0; width: 80px; height: 40px; background: rgb(0, 200, 200) }
nav { position: -webkit-sticky; position: sticky; top: 56px; height: 30px; margin-top: 100px; width: 200px;
  background: rgb(220, 220, 250) }
aside { position: fixed; top: 50px; bottom: 0; right: 0; width: 60px; background: rgb(240, 200, 240) }
main { padding-top: 10px; margin-right: 100px }
main > * { display: inline-block; width: 120px; height: 60px; margin: 0 4px 4px 0; overflow: hidden;
  vertical-align: top }
img, picture, video { width: 120px; height: 60px; display: block }
.lazyload { opacity: 0 }
.e-bg:not(.seen) { background-image: none !important }
.css { background: url("/css.png") }
.imageset { background-image: -webkit-image-set("/small.png" 0.5x, "/imageset.png" 1x);
  background-image: image-set("/small.png" 0.5x, url("/imageset.png") 1x) }
#made { height: 20px }
.tall { display: block; width: auto; min-height: 100vh; background: rgb(245, 245, 245) }
footer { position: fixed; bottom: 0; left: 0; width: 100px; height: 24px; background: rgb(120, 0, 0) }
"""
PAGE = """<!DOCTYPE html><html lang=en class=no-js><head><meta charset=utf-8><title>Bread</title>
<link rel=preload as=style href=/site.css onload="this.onload=null;this.rel='stylesheet'">
<link rel=stylesheet href=/late.css media=print onload="this.media='all'">
<noscript><link rel=stylesheet href=/site.css><link rel=stylesheet href=/late.css></noscript>
</head><body>
<header>The bakery</header><div class=corner></div><nav></nav>
<main>
<div><img src=/src.png alt=src></div>
<div><img class=lazyload src=data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==
  data-src=/late.png alt=late><noscript><img src=/late.png alt=late></noscript></div>
<div><img src=/small.png data-lazy-src=/lazy.png alt=lazy></div>
<div><img src=/small.png srcset="/small.png?w_1,h_1 60w, /set.png 1200w, /small.png?3 300w" sizes=2000px alt=set></div>
<div><picture><source media="(min-width: 9000px)" srcset=/small.png?4><source type=image/png srcset="/picture.png 2x">
  <img src=/small.png?5 alt=picture></picture></div>
<div><img class=lazyload data-srcset="/small.png?6 100w, /wide.png 2000w" data-sizes=auto sizes=2000px alt=wide></div>
<div data-bg=/bg.png class=e-bg></div><div class=css></div><div class=imageset></div>
<div><video data-poster=/poster.png poster=/poster.png muted></video></div>
<div><svg width=120 height=60 viewBox="0 0 12 6"><use href="/icons.svg#loaf"/></svg></div>
<div><svg width=120 height=60><use xlink:href="/icons.svg#roll"/></svg></div>
<div style="position:relative"><p style="position:absolute;inset:0;margin:0;background:#145a3c"></p></div>
<div><a href=/two.html>two</a> <a href="#" onclick="location='/by-click.html'">click</a>
  <a href="javascript:go('/three')">go</a> <span data-href=/four.html>four</span> <a href=#>top</a></div>
<div id=made></div>
<p class=tall>text</p>
</main><aside></aside><footer></footer>
<iframe style="display:none" src=https://count.example/x></iframe>
<script>SCRIPT</script></body></html>""".replace("SCRIPT", SCRIPT)
ICONS = """<svg xmlns="http://www.w3.org/2000/svg"><symbol id="loaf" viewBox="0 0 12 6">
<rect width="12" height="6" fill="rgb(1,2,3)"/></symbol>
<g id="roll"><rect width="120" height="60" fill="rgb(3,2,1)"/></g></svg>"""

FILES: Pages = {
    "/": (200, "text/html", PAGE),
    "/two.html": (200, "text/html", "<!DOCTYPE html><div id=root></div><script src=/app.js></script>"),
    "/site.css": (200, "text/css", SHEET),
    "/late.css": (200, "text/css", "header { border-bottom: 6px solid rgb(250, 200, 0) }"),
    "/icons.svg": (200, "image/svg+xml", ICONS),
    "/robots.txt": (200, "text/plain", "User-agent: *\nCrawl-delay: 0\n"),
    "/small.png": (200, "image/png", box(SMALL)),
    **{f"/{name}.png": (200, "image/png", box(colour)) for name, colour in COLOURS.items()},
}
