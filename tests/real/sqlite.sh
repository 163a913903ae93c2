# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# sqlite3: temporary tables and big sorts go to nameless files in /var/tmp or /tmp; a database
# of one's own in /tmp brings its journal, its write-ahead log and shared memory with it.
set -eu
big='WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
SELECT i, i * 7919 % 20011 AS k, hex(zeroblob(50)) AS pad FROM n'
sqlite3 :memory: << END
PRAGMA temp_store = 1;
PRAGMA cache_size = 10;
PRAGMA temp.cache_size = 10;
CREATE TEMP TABLE t AS $big;
CREATE INDEX temp.tk ON t (k);
SELECT count(*), sum(i), max(k) FROM t;
SELECT i FROM t ORDER BY k DESC LIMIT 3;
SELECT count(DISTINCT k), sum(k) FROM (SELECT * FROM t ORDER BY pad, k);
END
SQLITE_TMPDIR=/tmp sqlite3 db << END
PRAGMA temp_store = 1;
PRAGMA cache_size = 5;
CREATE TABLE t AS $big;
SELECT sum(k) FROM (SELECT k FROM t ORDER BY pad, k LIMIT 100);
VACUUM;
END
sqlite3 /tmp/db << END
CREATE TABLE t AS $big;
BEGIN; UPDATE t SET k = 0 WHERE i % 2; SELECT sum(k) FROM t; ROLLBACK;
SELECT sum(k) FROM t;
PRAGMA database_list;
END
sqlite3 /tmp/db << END
PRAGMA journal_mode = WAL;
INSERT INTO t VALUES (0, 0, 'wal');
.shell ls /tmp
.shell sqlite3 /tmp/db "SELECT count(*) FROM t"
.backup /tmp/backup
ATTACH '/var/tmp/other' AS o;
CREATE TABLE o.u AS SELECT * FROM t LIMIT 5;
END
sqlite3 'file:/tmp/backup?mode=ro' \
	'SELECT count(*) FROM t; PRAGMA integrity_check; DELETE FROM t' || echo "status $?"
sqlite3 /var/tmp/other .dump | tail -3 | head -1 | cut -c1-30
sqlite3 /tmp/absent/db 'SELECT 1 FROM t' || echo "status $?"
# Two writers at once take turns.
for i in 1 2; do
	sqlite3 -cmd '.timeout 5000' /tmp/db \
		"BEGIN IMMEDIATE; INSERT INTO t SELECT $i, $i, 'w' FROM t LIMIT 1000; COMMIT;" &
done
wait
sqlite3 /tmp/db "SELECT count(*) FROM t WHERE pad = 'w'"
ls /tmp /var/tmp
rm /tmp/* /var/tmp/*
