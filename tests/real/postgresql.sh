# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# A PostgreSQL cluster in /tmp, its socket there too: initdb, start, clients that are other
# programs, a dump and a restore, stop. The server does not run as root.
set -eu
for bin in /usr/lib/postgresql/*/bin; do :; done
PATH=$bin:$PATH
export PGHOST=/tmp PGPORT=5499 PGUSER=owner PGDATABASE=postgres PGDATA=/tmp/cluster
unset PGSYSCONFDIR
initdb -U owner -A trust --no-sync --no-locale -E UTF8 > init.log 2>&1 || {
	cat init.log
	exit 1
}
grep '^fixing permissions\|^creating directory' init.log
cat >> $PGDATA/postgresql.conf << 'END'
listen_addresses = ''
unix_socket_directories = '/tmp,/var/tmp'
fsync = off
shared_buffers = 1MB
max_connections = 10
temp_file_limit = -1
autovacuum = off
dynamic_shared_memory_type = mmap
log_directory = '/tmp/log'
logging_collector = on
END
pg_ctl -w -t 20 -l /tmp/start.log start > start.out || {
	cat start.out /tmp/start.log
	exit 1
}
tail -1 start.out
pg_isready
psql -AtX << 'END'
SHOW data_directory; SHOW unix_socket_directories;
CREATE TABLE t AS SELECT i, md5(i::text) AS h FROM generate_series(1, 20000) i;
SET work_mem = '64kB';
SELECT count(DISTINCT h) FROM t;
CREATE TEMP TABLE u AS SELECT * FROM t; CREATE INDEX ON u (h); SELECT min(h) FROM u;
COPY (SELECT i FROM t ORDER BY h LIMIT 5) TO '/tmp/copied';
COPY t (i) FROM PROGRAM 'seq 1 3 | tee /tmp/program';
SELECT pg_read_file('/tmp/copied', 0, 5), (pg_stat_file('/var/tmp')).isdir;
SELECT count(*) FROM pg_ls_dir('/tmp') n WHERE n IN ('cluster', 'copied', 'program', '.s.PGSQL.5499');
SELECT inet_client_addr() IS NULL;
END
cat /tmp/copied /tmp/program
psql -AtX -c "\\copy t (i) TO STDOUT" | sort -n | md5sum
psql -AtX -h /var/tmp -c "SELECT 'the other socket'"
psql -AtX -h /tmp -p 5498 -c 'SELECT 1' || echo "status $?"
psql -AtX -c '\conninfo' -c '\! cat /tmp/program' -o /tmp/out && cat /tmp/out
mkdir /tmp/space
psql -AtX << 'END'
CREATE TABLESPACE s LOCATION '/tmp/space';
CREATE TABLE v TABLESPACE s AS SELECT 42 AS n;
TABLE v;
SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 's';
END
readlink $PGDATA/pg_tblspc/*
pg_dump -Fd -f /tmp/dump -t t
createdb copy
pg_restore -d copy /tmp/dump
psql -AtX -d copy -c 'SELECT count(*) FROM t'
pg_ctl -w -t 20 -m fast restart > restart.out && tail -1 restart.out && psql -AtX -c 'TABLE v'
pg_ctl status | sed -n '1s/PID: [0-9]*/PID/p'
stat -c %A $PGDATA /tmp/.s.PGSQL.5499 /tmp/.s.PGSQL.5499.lock
sed -n '2p;5p' /tmp/.s.PGSQL.5499.lock
pg_ctl -w -t 20 -m fast stop | sed "s,\.\.*,...,"
pg_controldata | sed -n '/cluster state/p'
ls -A /tmp /var/tmp
rm -r /tmp/*
