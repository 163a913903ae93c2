/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What audited processes write down of a call (shim/trace/point.c, told.c): which calls, which
 * of their paths, and how many of these. See direct.h.
 */
#include "direct_trace.h"

/* What bash(1) exports, here. */
static int line_number = 12;

int executing_line_number(void)
{
	return line_number;
}

static const struct trace_record *last(void)
{
	return record_of(pt_trace->records - 1);
}

/* Without the counters of paths. */
static uint32_t records(void)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i < pt_trace->records; i++)
		n += record_of(i)->call == CALL;
	return n;
}

/* A call on PATH. */
static bool made(uint64_t site, const char *path, bool failed)
{
	struct point p;

	if (!point_begin(&p, CALL, site, AT_FDCWD, path)) {
		FALSE(p.on);
		point_before(&p);
		point_end(&p, failed, 0, false);
		return false;
	}
	point_end(&p, failed, 0, false);
	return true;
}

/* Of calls by the program alone, and only of paths that are watched. */
static void calls(void)
{
	const uint64_t own = (uint64_t)(uintptr_t)__ehdr_start + 100;

	open_trace();
	MUST(chdir("/usr") == 0);
	errno = ENOENT;
	FALSE(made(own, "/tmp/a", true));
	FALSE(made(SITE, "/usr/a", true));
	FALSE(made(SITE, NULL, true));
	IS(records(), 0);
	TRUE(made(SITE, "/tmp/a", true));
	IS(errno, ENOENT);
	IS(records(), 1);
	IS(last()->error, ENOENT);
	IS(last()->line, 12);
	IS(last()->before.type, TRACE_ABSENT);
	SAME(text_of(last()->path), "/tmp/a");
	TRUE(made(SITE, "/tmp/a", true));
	IS(records(), 1);
	IS(last()->count, 2);
	TRUE(made(~(uint64_t)0, "/tmp/a", true));
	IS(records(), 2);
	IS(pt_trace->calls, 3);
	pt_trace->records = TRACE_RECORDS;
	TRUE(made(SITE, "/tmp/b", true));
	IS(pt_trace->not_counted, 1);
	close_trace();
	FALSE(made(SITE, "/tmp/a", true));
}

/* The second path of a call, whether the first is watched or not. */
static void two_paths(void)
{
	const uint64_t own = (uint64_t)(uintptr_t)__ehdr_start + 100;
	struct point p;

	open_trace();
	make_file("/tmp/to", 0, 0600);
	FALSE(point_begin(&p, CALL, SITE, AT_FDCWD, "/usr/a"));
	point_other(&p, AT_FDCWD, "/usr/b");
	FALSE(p.on);
	point_other(&p, AT_FDCWD, NULL);
	FALSE(p.on);
	point_other(&p, AT_FDCWD, "/tmp/to");
	TRUE(p.on && p.line == 12);
	point_end(&p, false, 0, false);
	IS(last()->path, 0);
	SAME(text_of(last()->other), "/tmp/to");
	IS(last()->after.type, TRACE_FILE);
	TRUE(point_begin(&p, CALL, SITE, AT_FDCWD, "/tmp/from"));
	point_other(&p, AT_FDCWD, "/tmp/to");
	point_end(&p, false, 0, false);
	SAME(text_of(last()->path), "/tmp/from");
	SAME(text_of(last()->other), "/tmp/to");
	FALSE(point_begin(&p, CALL, own, AT_FDCWD, "/tmp/from"));
	point_other(&p, AT_FDCWD, "/tmp/to");
	FALSE(p.on);
	close_trace();
	point_other(&p, AT_FDCWD, "/tmp/to");
	FALSE(p.on);
}

/* What a call has made: by its descriptor, or by the path that it was given. */
static void results(void)
{
	static struct point p;
	int fd;

	open_trace();
	fd = open("/tmp/new", O_CREAT | O_RDWR | O_CLOEXEC, 0640);
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 40);
	TRUE(point_begin(&p, CALL, SITE, AT_FDCWD, "/tmp/gone"));
	point_end(&p, false, fd, true);
	IS(last()->after.type, TRACE_FILE);
	IS(last()->after.mode, 0640);
	/* Whoever looks at it looks at what was opened; once. */
	point_looked(CALL, (uintptr_t)__ehdr_start + 100, fd);
	IS(records(), 1);
	point_looked(CALL, SITE, fd);
	IS(records(), 2);
	SAME(text_of(last()->path), "/tmp/gone");
	point_looked(CALL, SITE, fd);
	point_looked(CALL, SITE, -1);
	point_looked(CALL, SITE, 41);
	point_looked(CALL, SITE, DESCRIPTORS);
	IS(records(), 2);
	IS(last()->count, 1);
	/* No descriptor, and none that is remembered. */
	TRUE(point_begin(&p, CALL, SITE + 1, AT_FDCWD, "/tmp/new"));
	point_end(&p, false, -1, true);
	IS(last()->after.type, TRACE_FILE);
	TRUE(point_begin(&p, CALL, SITE + 2, AT_FDCWD, "/tmp/new"));
	point_end(&p, false, DESCRIPTORS, true);
	TRUE(point_begin(&p, CALL, SITE + 3, AT_FDCWD, "/tmp/new"));
	errno = EACCES;
	point_end(&p, true, 40, true);
	IS(last()->after.type, TRACE_UNKNOWN);
	point_looked(CALL, SITE, 40);
	IS(records(), 5);
	/* Before one that does not return. */
	TRUE(point_begin(&p, CALL, SITE + 4, AT_FDCWD, "/tmp/new"));
	point_before(&p);
	TRUE(last()->flags & TRACE_BEFORE);
	IS(last()->after.type, TRACE_UNKNOWN);
	IS(p.flags & TRACE_BEFORE, 0);
	close(fd);
}

/* A program that is executed is noted wherever it is. */
static void executed(void)
{
	const uint64_t own = (uint64_t)(uintptr_t)__ehdr_start + 100;
	struct point p;

	open_trace();
	point_exec(&p, CALL, SITE, AT_FDCWD, "/usr/bin/true");
	TRUE(p.on && (p.flags & TRACE_EXEC));
	IS(p.spot.place, PLACE_ELSEWHERE);
	point_before(&p);
	SAME(text_of(last()->path), "/usr/bin/true");
	point_exec(&p, CALL, SITE, AT_FDCWD, "/tmp/run");
	TRUE(p.on && (p.flags & TRACE_EXEC));
	IS(p.spot.place, PLACE_SHARED);
	point_exec(&p, CALL, own, AT_FDCWD, "/usr/bin/true");
	FALSE(p.on);
	point_exec(&p, CALL, SITE, AT_FDCWD, NULL);
	FALSE(p.on);
	point_exec(&p, CALL, SITE, AT_FDCWD, (const char *)1);
	FALSE(p.on);
	close_trace();
	point_exec(&p, CALL, SITE, AT_FDCWD, "/usr/bin/true");
	FALSE(p.on);
}

/* Of many paths from one place their shapes remain. */
static void shapes(void)
{
	static const char *const rows[][2] = {
		{ "/tmp/abc", "/tmp/abc" },
		{ "/tmp/123", "/tmp/#" },
		{ "/tmp/a1", "/tmp/*" },
		{ "/tmp/aBc", "/tmp/*" },
		{ "/tmp/ABC", "/tmp/ABC" },
		{ "/tmp/abcdefgh", "/tmp/*" },
		{ "/tmp/abcdefg", "/tmp/abcdefg" },
		{ "/tmp/a-b.12.~{", "/tmp/a-b.#.~{" },
		{ "/tmp/a_b@[`", "/tmp/a_b@[`" },
		{ "", "" },
	};
	char path[WATCH_PATH];
	struct point p;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		IS(shape_of(rows[i][0], path), strlen(rows[i][1]));
		SAME(path, rows[i][1]);
	}
	open_trace();
	for (int i = 0; i < TRACE_PATHS; i++) {
		sprintf(path, "/tmp/%d", i);
		TRUE(made(SITE, path, false));
		IS(last()->flags & TRACE_SHAPE, 0);
	}
	TRUE(made(SITE, "/tmp/99", false));
	TRUE(last()->flags & TRACE_SHAPE);
	SAME(text_of(last()->path), "/tmp/#");
	IS(last()->after.type, TRACE_UNKNOWN);
	/* One that was noted, and one from elsewhere in the code. */
	TRUE(made(SITE, "/tmp/7", false));
	IS(last()->flags & TRACE_SHAPE, TRACE_SHAPE);
	TRUE(made(SITE + 1, "/tmp/100", false));
	IS(last()->flags & TRACE_SHAPE, 0);
	TRUE(point_begin(&p, CALL, SITE + 2, AT_FDCWD, "/tmp/8"));
	p.call = CALL;
	p.site = SITE;
	point_other(&p, AT_FDCWD, "/tmp/101");
	point_end(&p, false, 3, true);
	TRUE(last()->flags & TRACE_SHAPE);
	/* No room for a counter: the shape. */
	pt_trace->records = TRACE_RECORDS;
	TRUE(point_begin(&p, CALL, SITE + 9, AT_FDCWD, "/tmp/102"));
	TRUE(p.spot.shape);
	point_end(&p, false, 3, true);
	IS(opened[3], 0);
}

/* A search for a program by its name, as far as it goes. */
static void searched(void)
{
	open_trace();
	make_dir("/tmp/none", 0, 0755);
	make_dir("/tmp/bin", 0, 0755);
	make_file("/tmp/bin/run", 0, 0755);
	MUST(setenv("PATH", "/tmp/none::/usr/none:/tmp/bin:/var/tmp", 1) == 0);
	point_search(CALL, SITE, "run");
	IS(records(), 2);
	SAME(text_of(last()->path), "/tmp/bin/run");
	point_search(CALL, SITE, "a/run");
	point_search(CALL, SITE, "");
	point_search(CALL, SITE, NULL);
	IS(records(), 2);
	point_search(CALL, SITE, "other");
	IS(records(), 5);
	SAME(text_of(last()->path), "/var/tmp/other");
	MUST(unsetenv("PATH") == 0);
	point_search(CALL, SITE, "run2");
	IS(records(), 5);
}

/* Paths in what another program is given; a variable that was there before is none's word. */
static void told(void)
{
	static const struct {
		const char *text;
		uint32_t paths;
	} rows[] = {
		{ "--in=/tmp/a,/tmp/b:/var/tmp/c", 3 },
		{ "/tmp/a /usr/b '/tmp/c'", 2 },
		{ "x/tmp/a", 0 },
		{ "/tmp", 0 },
		{ "/tmp/", 0 },
		{ "/tmpx/a", 0 },
		{ "/tmp//", 0 },
		{ "", 0 },
	};
	static char longer[WATCH_PATH + 20] = "A=/tmp/";
	char *const given_first[] = { (char *)"A=/tmp/a", (char *)"B=1", NULL };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		open_trace();
		errno = 7;
		point_told(CALL, SITE, rows[i].text, false);
		IS(errno, 7);
		if (records() != rows[i].paths)
			direct_failed(__FILE__, __LINE__, rows[i].text, records(),
				      rows[i].paths);
		if (rows[i].paths)
			IS(last()->flags, TRACE_TOLD);
	}
	open_trace();
	point_start(NULL);
	point_start(given_first);
	point_told(CALL, SITE, "A=/tmp/a", true);
	IS(records(), 0);
	point_told(CALL, SITE, "A=/tmp/b", true);
	IS(records(), 1);
	IS(last()->flags, TRACE_VARIABLE_TOLD);
	memset(longer + 7, 'x', sizeof longer - 8);
	point_told(CALL, SITE, longer, false);
	IS(records(), 1);
	for (int i = 0; i < GIVEN; i++)
		point_start(given_first);
	IS(givens, GIVEN);
}

static void modes(void)
{
	static const struct {
		const char *mode;
		unsigned flags;
	} rows[] = {
		{ "r", O_RDONLY },
		{ "rb", O_RDONLY },
		{ "r+", O_RDWR },
		{ "w", O_WRONLY | O_CREAT | O_TRUNC },
		{ "wx", O_WRONLY | O_CREAT | O_TRUNC | O_EXCL },
		{ "w+", O_RDWR | O_CREAT | O_TRUNC },
		{ "a", O_WRONLY | O_CREAT | O_APPEND },
		{ "ax+", O_RDWR | O_CREAT | O_APPEND | O_EXCL },
		{ "w,ccs=x", O_WRONLY | O_CREAT | O_TRUNC },
		{ NULL, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		IS(point_stream_flags(rows[i].mode), rows[i].flags);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "calls", calls },	{ "two_paths", two_paths },
		{ "results", results }, { "executed", executed },
		{ "shapes", shapes },	{ "searched", searched },
		{ "told", told },	{ "modes", modes },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
