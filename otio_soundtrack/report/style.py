"""The look of the report page: plain CSS, readable from 390 pixels on, light and dark.

A picture shrunk to a narrow screen has letters of four pixels; there it keeps its own size and is scrolled sideways.
"""

STYLE = """
:root{color-scheme:light dark;--ink:#1f2933;--soft:#5f6c7b;--line:#d9dee4;--back:#fff;--tint:#f4f6f8;--warn:#fff4e0}
@media (prefers-color-scheme:dark){
:root{--ink:#e4e7eb;--soft:#9aa5b1;--line:#3a4450;--back:#14181d;--tint:#1e242b;--warn:#3a2d12}
}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:68rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;margin:.5rem 0 0;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
header p{color:var(--soft);margin:.25rem 0}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.5rem 1rem;margin:.5rem 0 1rem}
dt{color:var(--soft);font-size:.8rem}
dd{margin:0;overflow-wrap:anywhere}
figure{margin:1rem 0;overflow-x:auto}
audio{display:block;width:100%;margin:1rem 0}
img{display:block;width:100%;height:auto;background:#fff;border-radius:4px}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:0 1rem}
.pictures figure{overflow:visible}
blockquote{margin:.75rem 0;padding:.5rem 1rem;background:var(--tint);border-left:3px solid var(--line)}
.warnings{background:var(--warn);border-radius:6px;padding:.25rem 1rem;margin-top:1rem}
.warnings h2{border:0;margin:.5rem 0 0;font-size:1rem}
li{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.75rem 0 1.25rem}
th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:500}
@media (max-width:40rem){
thead{display:none}
tr{display:block;border-bottom:1px solid var(--line);padding:.4rem 0}
td{display:flex;gap:.75rem;border:0;padding:.1rem 0;overflow-wrap:anywhere}
td::before{content:attr(data-name);color:var(--soft);flex:0 0 6.5rem}
td:empty{display:none}
}
@media (max-width:60rem){
figure:not(.small){border:1px solid var(--line);border-radius:4px}
figure:not(.small)::before{content:"scroll sideways →";display:block;position:sticky;left:0;width:max-content;padding:0 .5rem;
color:var(--soft);font-size:.8rem}
figure:not(.small) img{width:auto;max-width:none}
}
""".strip()
