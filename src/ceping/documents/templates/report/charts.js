"use strict";
// Each chart draws what the table beside it says; every number is a text of the embedded data.
const DATA = JSON.parse(document.getElementById("data").textContent);
const INK = "#1c2327", INK2 = "#454f55", INK3 = "#5f696f", LINE = "#dfdbd0", LINE2 = "#c4bfb1";
const ACT = "#125b66", SOFT = "#8fb5b0", GOLD = "#c08a2b", MARK = "#b12d1d";
const FONT = getComputedStyle(document.body).fontFamily;
const AXIS = {
  axisLine: { lineStyle: { color: LINE2 } }, axisTick: { show: false }, splitLine: { lineStyle: { color: LINE } },
  axisLabel: { color: INK2, fontSize: 12 }, nameTextStyle: { color: INK3, fontSize: 12 },
};
const GRID = { left: 8, right: 20, top: 28, bottom: 8, containLabel: true };
const TIP = {
  renderMode: "richText", backgroundColor: INK, borderWidth: 0, padding: [8, 10], confine: true,
  textStyle: { color: "#fff", fontSize: 12, fontFamily: FONT },
};
const BASE = { animation: false, textStyle: { fontFamily: FONT, color: INK2, fontSize: 12 }, tooltip: TIP, grid: GRID };
const num = (text) => (text === null || text === "—" ? null : Number(text));
const percent = (text) => Number((Number(text) * 100).toFixed(2));
const cut = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);
const named = (width) => ({ ...AXIS.axisLabel, width, overflow: "truncate" });

const KINDS = {
  bins: () => {
    const bars = DATA.bins.map(([low, high, count]) => ({ name: `${low}—${high}`, value: count }));
    const edges = DATA.bands.map(([grade, from]) => [grade, edgeOf(from)]).filter(([, at]) => at !== null);
    return {
      ...BASE, tooltip: { ...TIP, formatter: (p) => `${p.name} 分\n${p.value} 家` },
      xAxis: { type: "category", data: bars.map((bar) => bar.name), ...AXIS },
      yAxis: { type: "value", minInterval: 1, name: "家", ...AXIS, axisLine: { show: false } },
      series: [
        { type: "bar", barCategoryGap: "12%", itemStyle: { color: ACT }, data: bars, label: { show: true, position: "top", color: INK2, formatter: (p) => p.value || "" } },
        { type: "custom", silent: true, data: edges, renderItem: edge, encode: { x: -1, y: -1 }, z: 5 },
      ],
    };
  },
  boxes: () => {
    const rows = DATA.categories.filter(([, , spread]) => spread);
    return {
      ...BASE, grid: { ...GRID, top: 8 },
      tooltip: { ...TIP, formatter: (p) => { const [least, lower, median, upper, most] = rows[p.dataIndex][2]; return `${p.name}\n最高 ${most}\n上四分位 ${upper}\n中位数 ${median}\n下四分位 ${lower}\n最低 ${least}`; } },
      xAxis: { type: "value", scale: true, ...AXIS, axisLine: { show: false } },
      yAxis: { type: "category", inverse: true, data: rows.map(([, title]) => title), ...AXIS },
      series: [{ type: "boxplot", boxWidth: [8, 18], itemStyle: { color: "#e6f0f0", borderColor: ACT, borderWidth: 1.5 }, data: rows.map(([, , spread]) => spread.map(num)) }],
    };
  },
  rules: (box) => ({
    ...BASE, grid: { ...GRID, top: 8, right: 56 }, tooltip: { ...TIP, formatter: (p) => `${p.name}\n${p.value} 分` },
    xAxis: { type: "value", ...AXIS, axisLine: { show: false } },
    yAxis: { type: "category", inverse: true, data: DATA.rules.map(([title]) => title), ...AXIS, axisLabel: named(box.clientWidth < 480 ? 132 : 240) },
    series: [{ type: "bar", barMaxWidth: 14, itemStyle: { color: ACT }, data: DATA.rules.map(([, points]) => points), label: { show: true, position: "right", color: INK2 } }],
  }),
  intervals: (box) => whiskers(box, {
    rows: DATA.institutions.filter((one) => one.rank_interval), order: (one) => one.rank,
    parts: (one) => [...one.rank_interval, one.rank], label: (one) => `${one.rank}　${one.name}`,
    tip: (one) => `${one.name}\n第 ${one.rank} 名，区间 ${one.rank_interval[0]}—${one.rank_interval[1]}`, axis: { name: "名次", min: 1, minInterval: 1 },
  }),
  calls: (box) => whiskers(box, {
    rows: DATA.institutions.filter((one) => one.verification), order: (one) => -Number(one.verification[0]),
    parts: (one) => { const [value, low, high] = one.verification; return [percent(low), percent(high), percent(value)]; }, label: (one) => one.name,
    tip: (one) => { const [value, low, high] = one.verification.map(percent); return `${one.name}\n核实率 ${value}%，区间 ${low}%—${high}%`; }, axis: { name: "%", max: 100, scale: true },
  }),
  radar: (box) => {
    const one = DATA.institutions[Number(box.closest("[data-i]").dataset.i)];
    const peers = DATA.peers[one.category] || {};
    const keys = Object.keys(one.scores);
    const side = (at) => keys.map((key) => (peers[key] ? num(peers[key][at]) : 0));
    const line = (name, value, color, type, width) => ({ name, value, symbol: "none", lineStyle: { color, type, width }, itemStyle: { color } });
    return {
      ...BASE,
      tooltip: { ...TIP, trigger: "item", formatter: () => keys.map((key) => `${DATA.titles[key]}　${one.shares[key] ?? "—"}　同类 ${peers[key] ? `${peers[key][2]}（${peers[key][1]}—${peers[key][3]}）` : "—"}`).join("\n") },
      radar: {
        center: ["50%", "51%"], radius: box.clientWidth < 320 ? "56%" : "66%", splitNumber: 4, shape: "polygon",
        indicator: keys.map((key) => ({ name: cut(DATA.titles[key].replace(/^服务云?/, "") || DATA.titles[key], 6), max: 100, min: 0 })),
        axisName: { color: INK2, fontSize: 12 }, splitArea: { show: false }, splitLine: { lineStyle: { color: LINE } }, axisLine: { lineStyle: { color: LINE } },
      },
      series: [{ type: "radar", data: [
        { ...line("上四分位", side(3), SOFT, "solid", 1), areaStyle: { color: SOFT, opacity: 0.35 } },
        { ...line("下四分位", side(1), SOFT, "solid", 1), areaStyle: { color: "#fff", opacity: 1 } },
        line("同类中位数", side(2), INK3, "dashed", 1.5),
        { ...line("本机构", keys.map((key) => num(one.shares[key] ?? null) ?? 0), ACT, "solid", 2), symbol: "circle", symbolSize: 5 },
      ] }],
    };
  },
};

function edgeOf(from) {
  // Where a total stands along the bins: between the bar it falls in and the one before.
  const first = Number(DATA.bins[0][0]), width = Number(DATA.bins[0][1]) - first, at = (Number(from) - first) / width;
  return at > 0 && at < DATA.bins.length ? at : null;
}

function edge(params, api) {
  const [grade, at] = KINDS.edges[params.dataIndex], area = params.coordSys, x = area.x + (area.width * at) / DATA.bins.length;
  return { type: "group", children: [
    { type: "line", shape: { x1: x, x2: x, y1: area.y - 12, y2: area.y + area.height }, style: { stroke: MARK, lineWidth: 1, lineDash: [4, 3] } },
    { type: "text", x: x + 4, y: area.y - 14, style: { text: `${grade} ≥`, fill: MARK, font: `12px ${FONT}` } },
  ] };
}
KINDS.edges = DATA.bins.length ? DATA.bands.map(([grade, from]) => [grade, edgeOf(from)]).filter(([, at]) => at !== null) : [];

function whiskers(box, { rows, order, parts, label, tip, axis }) {
  const chosen = rows.filter(box.chosen || (() => true)).sort((a, b) => order(a) - order(b)).slice(...(box.slice || [0, 40]));
  box.style.height = `${Math.max(chosen.length, 3) * 22 + 48}px`;
  const draw = (params, api) => {
    const [low, y] = api.coord([api.value(0), params.dataIndex]), high = api.coord([api.value(1), params.dataIndex])[0], at = api.coord([api.value(2), params.dataIndex])[0];
    const bar = (x1, y1, x2, y2, width) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: ACT, lineWidth: width } });
    return { type: "group", children: [
      { type: "rect", shape: { x: Math.min(low, high) - 6, y: y - 10, width: Math.abs(high - low) + 12, height: 20 }, style: { fill: "transparent" } },
      bar(low, y, high, y, 2), bar(low, y - 5, low, y + 5, 1.5), bar(high, y - 5, high, y + 5, 1.5),
      { type: "circle", shape: { cx: at, cy: y, r: 4.5 }, style: { fill: ACT, stroke: "#fff", lineWidth: 1.5 } },
    ] };
  };
  return {
    ...BASE, grid: { ...GRID, top: 24 }, tooltip: { ...TIP, formatter: (p) => tip(chosen[p.dataIndex]) },
    xAxis: { type: "value", position: "top", nameLocation: "end", nameGap: 6, ...AXIS, axisLine: { show: false }, ...axis, name: "" },
    yAxis: { type: "category", inverse: true, data: chosen.map(label), ...AXIS, axisLabel: named(box.clientWidth < 480 ? 132 : 260) },
    series: [{ type: "custom", renderItem: draw, encode: { x: [0, 1, 2] }, data: chosen.map(parts) }],
  };
}
