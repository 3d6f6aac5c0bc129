"""The page's style: light, no script, no outside font, and a layout for paper."""

CSS = """
:root{color-scheme:light;--ink:#17202b;--soft:#55616e;--line:#dfe4ea;--card:#f5f7f9}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:var(--ink);font:14px/1.45 -apple-system,'Segoe UI',Roboto,
'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif}
main{max-width:1220px;margin:0 auto;padding:32px 28px 48px}
header{display:flex;justify-content:space-between;align-items:flex-start;gap:24px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:15px;margin:0 0 10px}
.soft{color:var(--soft)}.small{font-size:12.5px}
.pill{display:inline-block;border-radius:999px;padding:2px 10px;color:#fff;font-weight:700;
font-size:12px;white-space:nowrap}
header .pill{font-size:14px;padding:8px 18px}
.held{background:#167048}.breached{background:#b72c2c}.inconclusive{background:#8a6100}
.tiles{display:grid;grid-template-columns:repeat(5,1fr);gap:12px;margin:22px 0 14px}
.tile,.card{border:1px solid var(--line);border-radius:10px;background:var(--card)}
.tile{padding:12px 16px}.tile b{display:block;font-size:21px;margin-top:2px}
.card{padding:18px 20px;margin:0 0 14px}.card>svg{width:100%;height:auto;border-radius:8px}
.bad{color:#b72c2c;font-weight:700}
table{border-collapse:collapse;width:100%}
th{font-size:12px;color:var(--soft);text-align:left;font-weight:600;padding:4px 8px}
td{border-top:1px solid var(--line);padding:9px 8px;vertical-align:middle}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
ul{margin:6px 0 0;padding-left:20px}.card>ul>li{margin-bottom:12px}
code{font:12.5px ui-monospace,'DejaVu Sans Mono',monospace;
background:#e9edf1;border-radius:4px;padding:1px 5px;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}dt{font-weight:600}
dd{margin:0}
@media(max-width:800px){.tiles{grid-template-columns:repeat(2,1fr)}.wide{overflow-x:auto}}
@media print{main{padding:0;max-width:none}.card,.tile,tr{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}@page{size:A4 landscape;margin:12mm}}
""".strip()
