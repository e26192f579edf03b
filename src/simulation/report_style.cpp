// SPDX-License-Identifier: Apache-2.0
#include "simulation/report_style.hpp"

namespace aula::simulation {

const char* const report_style = R"css(
:root{color-scheme:light dark;--paper:#fafaf7;--raised:#fff;--sunken:#f0f0ea;--line:#d5d5cc;--ink:#1d2326;--soft:#565e61;
--accent:#0b6e6e;--tint:#dcefed;--notice:#fdf3d6;--on-notice:#4d3a00;--danger:#b3261e;--edge:#7f8380;
--c1:#3b3373;--c2:#9a5518;--c3:#4a7416;--c4:#a8306a;--c5:#1f5da8;--load:#cfe0de;--corner:12px}
@media(prefers-color-scheme:dark){:root{--paper:#16191d;--raised:#1f2429;--sunken:#101316;--line:#343b42;--ink:#e9ecee;--soft:#abb4ba;
--accent:#5fc9c4;--tint:#1c3a3a;--notice:#3d3416;--on-notice:#ffe6a0;--danger:#ffb4ab;--edge:#848e96;
--c1:#d9d4ff;--c2:#ffdcbd;--c3:#d3eeb6;--c4:#ffd0e0;--c5:#c5e0ff;--load:#27403f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:1.9rem;line-height:1.2;margin:8px 0}h2{font-size:1.3rem;margin:40px 0 8px}
p{max-width:70ch;margin:8px 0}.soft,.axes{color:var(--soft)}.axes{font-size:.85rem}
.badge{display:inline-block;background:var(--notice);color:var(--on-notice);border-radius:99px;padding:2px 12px;font-weight:600;font-size:.9rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0}
.card{background:var(--raised);border:1px solid var(--line);border-radius:var(--corner);padding:12px 16px}
.card b{display:block;font-size:1.7rem;line-height:1.2;color:var(--accent);font-variant-numeric:tabular-nums}
.card span{font-size:.9rem;color:var(--soft)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:12px}
.chart{margin:0 0 12px;background:var(--raised);border:1px solid var(--line);border-radius:var(--corner);padding:12px 16px 28px}
.chart figcaption{font-size:.9rem;color:var(--soft);margin-bottom:8px}
.plot{position:relative;height:190px;margin:6px 4px 0 30px}.plot.tall{height:340px;margin-left:44px;margin-bottom:28px}
.charts .plot{height:120px}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.x,.y{position:absolute;font-size:.72rem;color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
.x{top:100%;transform:translateX(-50%);padding-top:3px}.x:first-of-type{transform:none}.y{right:100%;transform:translateY(50%);padding-right:6px}
.grid{stroke:var(--line);vector-effect:non-scaling-stroke;stroke-width:1;fill:none}
.load{fill:var(--load)}.nodes{fill:none;stroke:currentColor;stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.ours{color:var(--accent)}.c0{color:var(--soft)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}.c6{color:var(--danger)}.c7{color:var(--edge)}
.dot{position:absolute;width:8px;height:8px;margin:0 0 -4px -4px;border-radius:50%;background:currentColor;opacity:.55}
.dot.large{width:16px;height:16px;margin:0 0 -8px -8px;opacity:1;border:2px solid var(--raised)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.9rem;padding:0;list-style:none}
.legend i{display:inline-block;width:10px;height:10px;border-radius:50%;background:currentColor;margin-right:6px}.legend span{color:var(--ink)}
.table{overflow-x:auto;border:1px solid var(--line);border-radius:var(--corner);background:var(--raised)}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:8px 12px;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:600;vertical-align:bottom}
th:first-child,td:first-child{text-align:left;white-space:normal;min-width:12em;position:sticky;left:0;background:var(--raised)}
td small{display:block;color:var(--soft)}tr.ours td{color:inherit;background:var(--tint)}tr.ours td:first-child{background:var(--tint)}
dl{display:grid;grid-template-columns:minmax(8em,12em) 1fr;gap:6px 16px;font-size:.95rem}dt{font-weight:600}dd{margin:0}
@media(max-width:520px){dl{grid-template-columns:1fr}dd{margin-bottom:8px}.plot{height:160px}}
)css";

}  // namespace aula::simulation
