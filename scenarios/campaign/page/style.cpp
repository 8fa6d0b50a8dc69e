#include "scenarios/campaign/page/parts.hpp"

namespace wme::scenarios::campaign_page {

std::string_view style() {
  return R"css(
.verdict strong{font-size:32px;line-height:1.2;display:block;letter-spacing:.02em}
.verdict p{margin:4px 0 0;color:var(--ink);font-size:16px}
header .facts{margin:18px 0}
svg.stack{width:100%;height:auto;margin:0 0 10px;min-height:18px}
.e-goal{fill:var(--good);color:var(--good)}.e-none{fill:var(--bad);color:var(--bad)}
.e-stop0{fill:var(--launchpad);color:var(--launchpad)}.e-stop1{fill:var(--config-wizard);color:var(--config-wizard)}
.e-stop2{fill:var(--cloud);color:var(--cloud)}.e-stop3{fill:var(--executor);color:var(--executor)}
.e-stop4{fill:var(--operator);color:var(--operator)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:16px 28px;margin:0 0 16px}
figure{margin:0;min-width:0}
figcaption{font-weight:600;margin:0 0 6px}
figcaption .badge{font-weight:400;margin-left:6px}
svg.histogram{width:100%;height:auto;max-width:460px}
svg .kept{fill:var(--launchpad)}svg .missed{fill:var(--bad)}
svg .mark{stroke:var(--ink);stroke-opacity:.7}
svg .mark.objective{stroke:var(--bad);stroke-opacity:1;stroke-dasharray:4 3;stroke-width:1.5}
svg .mark-text{font-size:12px;paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
svg .mark-text.objective{fill:var(--bad);font-weight:600}
#coverage h3{margin-top:18px}
#coverage-map{width:auto;font-size:12px;border-collapse:separate;border-spacing:1px;font-variant-numeric:tabular-nums}
#coverage-map caption{text-align:left;color:var(--soft);padding:0 0 6px}
#coverage-map thead th{vertical-align:bottom;border:0}
#coverage-map th.kind{padding:0 0 6px;text-align:center}
#coverage-map th.kind span{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:400}
#coverage-map tbody th{font-weight:400;color:var(--ink);padding:1px 10px 1px 0;border:0;position:sticky;left:0;background:var(--paper)}
#coverage-map td{min-width:34px;padding:1px 4px;text-align:center;border:0}
#coverage-map .h1{background:rgba(58,111,216,.12)}#coverage-map .h2{background:rgba(58,111,216,.24)}
#coverage-map .h3{background:rgba(58,111,216,.38)}#coverage-map .h4{background:rgba(58,111,216,.54)}
#coverage-map .h5{background:rgba(58,111,216,.72)}
#coverage-map .never{background:var(--warn-bg);color:var(--warn);outline:1px solid var(--warn);outline-offset:-1px;font-weight:600;white-space:nowrap}
.failure{border-top:1px solid var(--line);padding-top:12px;margin-top:12px}
.failure b{font-weight:600}
@media (max-width:560px){.verdict strong{font-size:26px}#coverage-map tbody th{min-width:130px;white-space:normal}}
)css";
}

}  // namespace wme::scenarios::campaign_page
