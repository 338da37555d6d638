"""A licence as an institution scans it, drawn with the fonts the project ships."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import ceping.documents.fonts

_FONT = next(Path(ceping.documents.fonts.__file__).parent.glob("NotoSerifSC*.ttf"))


def licence(code: str, name: str, *, width: int = 1654, height: int = 1170) -> Image.Image:
    """A licence of that code and name in its frame, with a red seal."""
    picture = Image.new("RGB", (width, height), "#fdfaf0")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((40, 40, width - 40, height - 40), outline="#b08030", width=14)
    heading, small = ImageFont.truetype(_FONT, 84), ImageFont.truetype(_FONT, 36)
    drawing.text((width // 2 - 210, 110), "营 业 执 照", fill="black", font=heading)
    drawing.text((120, 250), "统一社会信用代码", fill="black", font=small)
    drawing.text((120, 300), code, fill="black", font=small)
    rows = {
        "名称": name,
        "类型": "有限责任公司(自然人投资或控股)",
        "法定代表人": "王一",
        "经营范围": "企业管理咨询；商务信息咨询；会务服务。",
        "注册资本": "人民币500.0000万元整",
        "成立日期": "2012年03月01日",
        "住所": "上海市黄浦区示例路1号",
    }
    for number, (label, value) in enumerate(rows.items()):
        drawing.text((120, 400 + number * 82), label, fill="#604010", font=small)
        drawing.text((360, 400 + number * 82), value, fill="black", font=small)
    drawing.ellipse((width - 420, height - 400, width - 150, height - 130), outline="red", width=10)
    return picture
