// The parts of ECharts that the report page draws with, and nothing else.
import { init, use } from "echarts/core";
import { BarChart, BoxplotChart, CustomChart, RadarChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, RadarComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, BoxplotChart, CustomChart, RadarChart, GridComponent, MarkLineComponent, RadarComponent, TooltipComponent, SVGRenderer]);
export { init };
