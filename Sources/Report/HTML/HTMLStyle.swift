/// The style sheet of the page: light and dark, paper and phone, contrast of WCAG AA throughout.
enum HTMLStyle {
    static let sheet = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--muted:#57606a;--line:#d0d7de;--panel:#f6f8fa;\
        --good:#116329;--goodbg:#dcf5e3;--bad:#a40e26;--badbg:#ffe3e3;--open:#7a4a00;--openbg:#fff1c9;--known:#0550ae;\
        --knownbg:#ddeeff;--s0:#b34700;--s1:#0060a0;--s2:#00664d;--s3:#8a3f7f;--band:#e4e8ec;--link:#0550ae;\
        --h0:#5f93cf;--h1:#3f78bd;--h2:#235da3;--h3:#0d3f80;--h4:#041f45}
        @media (prefers-color-scheme:dark){:root{--bg:#0f1419;--fg:#e6edf3;--muted:#9fb0c0;--line:#38424d;--panel:#171e26;\
        --good:#6bd98a;--goodbg:#12301c;--bad:#ff9a90;--badbg:#3d1517;--open:#f0c04a;--openbg:#352a0b;--known:#8cc8ff;\
        --knownbg:#12283f;--s0:#f0a04b;--s1:#6cb8f0;--s2:#4fd1a5;--s3:#e59bd8;--band:#26303a;--link:#8cc8ff;\
        --h0:#3b6aa3;--h1:#5689c4;--h2:#7fb1e6;--h3:#b3d4f5;--h4:#ebf5ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:68rem;padding:0 1.25rem 3rem;background:var(--bg);color:var(--fg);\
        font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
        a{color:var(--link)}
        a:focus-visible,summary:focus-visible,.scroll:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:2px}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--bg);padding:.5rem}
        .verdict{margin:1.25rem 0 0;padding:1.25rem 1.5rem;border-radius:.6rem;border-left:.6rem solid;background:var(--panel)}
        .verdict.good{border-color:var(--good);background:var(--goodbg)}
        .verdict.bad{border-color:var(--bad);background:var(--badbg)}
        .verdict.open{border-color:var(--open);background:var(--openbg)}
        .verdict.good h1{color:var(--good)}.verdict.bad h1{color:var(--bad)}.verdict.open h1{color:var(--open)}
        .verdict p{margin:.3rem 0;max-width:60rem}
        .eyebrow{font-weight:600}
        h1{margin:0;font-size:2.5rem;line-height:1.2;text-transform:uppercase;letter-spacing:.03em}
        .headline{font-size:1.2rem;font-weight:600}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.6rem 1.5rem;margin:1rem 0 0}
        .facts dt{font-size:.85rem;font-weight:600}.facts dd{margin:0}
        nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.25rem;list-style:none;padding:0;margin:1rem 0 0}
        h2{margin:2.75rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line);font-size:1.5rem;line-height:1.3}
        h3{margin:1.5rem 0 .5rem;font-size:1.1rem;line-height:1.4}
        .failure,.card{margin:1rem 0;padding:.25rem 1.25rem 1rem;border:1px solid var(--line);border-radius:.6rem}
        .failure{border-left:.35rem solid var(--bad)}.failure.open{border-left-color:var(--open)}
        .failure h3,.card h3{margin-top:.75rem}
        .details{margin:.5rem 0}
        .details>div{display:grid;grid-template-columns:9rem 1fr;gap:.25rem 1rem;padding:.2rem 0}
        .details.wide>div{border-bottom:1px solid var(--line)}
        .details dt{color:var(--muted)}.details dd{margin:0;min-width:0}
        .counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.5rem}
        .counts>div{padding:.4rem .75rem;background:var(--panel);border-radius:.4rem}
        .counts dt{color:var(--muted);font-size:.85rem}.counts dd{margin:0;font-variant-numeric:tabular-nums;font-weight:600}
        .pill{display:inline-block;padding:0 .6em;border-radius:1em;font-size:.85rem;font-weight:600;white-space:nowrap;\
        background:var(--panel);color:var(--muted)}
        .pill.good{background:var(--goodbg);color:var(--good)}.pill.bad{background:var(--badbg);color:var(--bad)}
        .pill.open{background:var(--openbg);color:var(--open)}.pill.known{background:var(--knownbg);color:var(--known)}
        .scroll{overflow-x:auto}
        table{width:100%;border-collapse:collapse;font-size:.92rem}
        th,td{padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        caption{padding:.6rem 0 .2rem;text-align:left;font-weight:600}
        thead th{color:var(--muted);font-weight:600;white-space:nowrap}
        tbody th{font-weight:400}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .checks{table-layout:fixed}.checks th:first-child{width:8.5rem}.checks thead th:nth-child(2){width:44%}
        .checks details{font-size:.9rem;color:var(--muted)}
        code,pre,.mono,.frames{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.88em}
        .mono td{white-space:nowrap}.words{min-width:9rem}.scroll tbody th{white-space:nowrap}.scroll .wrap tbody th{white-space:normal}
        pre{padding:.75rem 1rem;background:var(--panel);border-radius:.4rem;overflow-x:auto}
        .frames{margin:.3rem 0;padding:.5rem .75rem;list-style:none;background:var(--panel);border-radius:.4rem;overflow-x:auto}
        .caption,figcaption{color:var(--muted);font-size:.88rem}
        .note{padding:.5rem .9rem;border-left:.3rem solid var(--line);background:var(--panel)}
        summary{cursor:pointer;color:var(--link)}
        figure{margin:1.25rem 0}
        .chart{display:block;width:100%;height:auto;overflow:visible;font-size:13px;font-family:inherit}
        .chart.narrow{display:none}
        .chart text{fill:var(--fg)}.chart .label,.chart .axis{fill:var(--muted)}
        .grid{stroke:var(--line)}.grid.faint{opacity:.6}.rim,.one{stroke:var(--muted);stroke-width:1.2}
        .one{stroke-dasharray:5 4}
        .curve{fill:none;stroke-width:2.4;stroke-linejoin:round}
        .curve.s0{stroke:var(--s0);stroke-dasharray:9 4}.curve.s1{stroke:var(--s1)}
        .curve.s2{stroke:var(--s2);stroke-dasharray:2 4}.curve.s3{stroke:var(--s3);stroke-dasharray:12 3 2 3}
        .curve.median{stroke-width:1.2;opacity:.85}.curve.thin{stroke-width:1.4;stroke-dasharray:1.5 3.5}
        .dot.s0{fill:var(--s0)}.dot.s1{fill:var(--s1)}.dot.s2{fill:var(--s2)}.dot.s3{fill:var(--s3)}
        .ring{fill:var(--bg);stroke-width:1.4}
        .ring.s0{stroke:var(--s0)}.ring.s1{stroke:var(--s1)}.ring.s2{stroke:var(--s2)}.ring.s3{stroke:var(--s3)}
        .pair{stroke-width:2}.pair.s2{fill:var(--s2);stroke:var(--s2)}.pair.s3{fill:var(--bg);stroke:var(--s3)}
        .trial{stroke-width:2.2;stroke-linejoin:round}.trial.met{fill:var(--good);stroke:var(--good)}
        .trial.missed{fill:none;stroke:var(--bad);stroke-width:2.6}.trial.other{fill:var(--bg);stroke:var(--open)}
        .confirming{fill:none;stroke:var(--muted);stroke-width:1.3}
        .heat.h0{fill:var(--h0)}.heat.h1{fill:var(--h1)}.heat.h2{fill:var(--h2)}.heat.h3{fill:var(--h3)}.heat.h4{fill:var(--h4)}
        .spread.s2{fill:var(--s2)}.spread.s3{fill:var(--s3)}.wrong{fill:var(--bg);stroke:var(--bad);stroke-width:2.2}
        .sparks{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:.5rem 1.5rem}.spark{max-width:26rem}
        .lost{fill:var(--bad)}.band{fill:var(--band)}
        .interval{fill:var(--muted)}.estimate{fill:var(--muted)}
        .interval.improved,.estimate.improved{fill:var(--good)}.interval.regressed,.estimate.regressed{fill:var(--bad)}
        .interval.equivalent,.estimate.equivalent{fill:var(--known)}
        .interval.inconclusive,.estimate.inconclusive{fill:var(--open)}
        .swatch{display:inline-block;width:.8em;height:.8em;margin-right:.5em;border-radius:.2em}
        .swatch.s0{background:var(--s0)}.swatch.s1{background:var(--s1)}.swatch.s2{background:var(--s2)}.swatch.s3{background:var(--s3)}
        footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--line);color:var(--muted);font-size:.88rem}
        @media (max-width:640px){
        body{padding:0 .9rem 2rem}.verdict{padding:1rem}h1{font-size:2rem}h2{margin-top:2rem}
        .chart.wide{display:none}.chart.narrow{display:block}
        .details>div{grid-template-columns:1fr;gap:0}
        .failure,.card{padding:.25rem .9rem .8rem}
        .checks,.checks tbody,.checks tr,.checks td,.checks th{display:block;width:auto!important}
        .checks thead{position:absolute;left:-99rem}
        .checks tr{padding:.6rem 0;border-bottom:1px solid var(--line)}.checks td,.checks th{border:0;padding:.1rem 0}
        .checks td[data-label]::before{content:attr(data-label) ": ";color:var(--muted)}
        }
        @media print{
        :root{color-scheme:light}
        body{max-width:none;padding:0;font-size:10.5pt}nav,.skip{display:none}
        .verdict,.pill,.counts>div,.band,.swatch,.heat{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        figure,.failure,.card,tr,.spark{break-inside:avoid}h2,h3{break-after:avoid}
        .scroll,pre,.frames{overflow:visible}pre{white-space:pre-wrap}
        table{font-size:8pt}th,td{padding:.15rem .35rem .15rem 0;white-space:normal!important;overflow-wrap:anywhere}
        details::details-content{content-visibility:visible;block-size:auto}
        }
        """
}
