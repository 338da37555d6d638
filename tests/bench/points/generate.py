"""Write N events of S shops (year 2021) and the shops' facts as Parquet: generate.py N S FOLDER."""

# ruff: noqa: E501 -- kept as it was given, so that figures stay comparable
import sys
from pathlib import Path

import duckdb

events, shops, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
db = duckdb.connect()
db.execute("SET TimeZone='UTC'; SET preserve_insertion_order=false; SET memory_limit='4GB'")
db.execute(f"""
COPY (SELECT 'e' || i AS event_id, 's' || (hash(i * 7 + 1) % {shops}) AS shop_id,
    CASE WHEN k < 40 THEN 'login' WHEN k < 52 THEN 'follow' WHEN k < 55 THEN 'unfollow' WHEN k < 75 THEN 'order'
         WHEN k < 88 THEN 'rating' WHEN k < 95 THEN 'comment' WHEN k < 99 THEN 'reply' ELSE 'void' END AS kind,
    (TIMESTAMP '2021-01-01' + to_seconds((hash(i * 13 + 5) % 31536000)::BIGINT))::TIMESTAMPTZ AS occurred_at,
    CASE WHEN k BETWEEN 40 AND 94 THEN 'u' || (hash(i * 17 + 9) % 1000000) ELSE '' END AS actor_id,
    CASE WHEN k BETWEEN 40 AND 94 THEN (CASE WHEN hash(i * 3 + 2) % 3 = 0 THEN 'enterprise' ELSE 'personal' END) ELSE '' END AS actor_type,
    CASE WHEN k BETWEEN 75 AND 87 THEN (CASE WHEN hash(i * 31) % 100 < 75 THEN 'good' ELSE 'bad' END) ELSE '' END AS rating,
    CASE WHEN k = 99 THEN 'e' || (i - i % 100 + hash(i) % 99) ELSE '' END AS voids
  FROM (SELECT i, i % 100 AS k FROM range({events}) r(i)))
TO '{folder}/events.parquet' (FORMAT parquet)""")
db.execute(f"""
COPY (SELECT 's' || i AS shop_id, '机构' || i AS shop_name, '法律服务类' AS category, DATE '2010-01-01' + (i % 4000)::INT AS registered_on,
    CASE WHEN i % 3 = 0 THEN '' ELSE '介绍' END AS introduction, CASE WHEN i % 4 = 0 THEN '' ELSE 'https://example.cn' END AS website,
    (i % 30)::INT AS certificate_count, (i % 50)::INT AS product_count, i % 2 = 0 AS decorated FROM range({shops}) r(i))
TO '{folder}/shops.parquet' (FORMAT parquet)""")
