/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a command has left, and what of it was not seen (tools/audit/left.c): by what is there
 * when it has ended. See direct.h.
 */
#include "../../tools/audit/judge.h"

#include <dirent.h>
#include <stdlib.h>

/* What left.c calls: memory that may be lacking. */
static bool lacking;

static DIR *open_some(int fd)
{
	return lacking ? NULL : fdopendir(fd);
}

#define fdopendir open_some
#include "../../tools/audit/left.c"
#undef fdopendir

#include "direct_view.h"

/* -- What left.c asks -- */

const struct rule rules[RULES] = {
	[RULE_LEFTOVER].severity = SEVERITY_LOW, [RULE_NOT_COVERED].severity = SEVERITY_NOTE
};

static struct finding finding;
static bool no_finding;
static char found[1024];

struct finding *verdict(struct verdicts *v, enum rule_id rule, enum severity severity,
			const struct event *event, const char *path, const char *format,
			...)
{
	(void)v, (void)event, (void)format;
	IS(severity, rules[rule].severity);
	snprintf(found + strlen(found), sizeof found - strlen(found), "%s ", path);
	return no_finding ? NULL : &finding;
}

static char events[1024];

void timeline(struct verdicts *v, const char *path, const char *what,
	      const struct event *event)
{
	(void)v, (void)event;
	TEXT_IS("what", what, "left");
	snprintf(events + strlen(events), sizeof events - strlen(events), "%s ", path);
}

static struct life lives[4];
static size_t n_lives;

void lives_each(void (*visit)(struct life *life, void *data), void *data)
{
	for (size_t i = 0; i < n_lives; i++)
		visit(&lives[i], data);
}

struct life *life_of_parent(const char *path)
{
	const size_t len = (size_t)(strrchr(path, '/') - path);

	for (size_t i = 0; i < n_lives; i++)
		if (strlen(lives[i].path) == len && !strncmp(lives[i].path, path, len))
			return &lives[i];
	return NULL;
}

static bool no_shim;

int shim_find(struct shim *out)
{
	(void)out;
	return no_shim ? -1 : 0;
}

/* A program that is called "static" has an obstacle, and one called "bad" is none. */
const char *shim_obstacle(const struct shim *shim, const struct program *program,
			  const char **remedy)
{
	(void)shim, (void)remedy;
	return strstr(program->path, "static") ? "static" : NULL;
}

int program_inspect(const char *path, struct program *out)
{
	strcpy(out->path, path);
	return strstr(path, "bad") ? ENOEXEC : 0;
}

int command_find(const char *name, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "/bin/%s", name);
	return strstr(name, "missing") ? -1 : 0;
}

/* -- What is left -- */

static struct trace_record record;
static const struct event made = { .record = &record };

/* What is found to be left of the lives. */
static const char *left(size_t n, bool over)
{
	struct verdicts v = { .over = over };

	n_lives = n;
	*found = *events = '\0';
	finding.size = 0;
	judge_leftovers(&v);
	TEXT_IS("timeline", events, found);
	return found;
}

static void put(const char *path, size_t size)
{
	const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	MUST(fd >= 0 && ftruncate(fd, (off_t)size) == 0 && close(fd) == 0);
}

static void of_lives(void)
{
	static const struct {
		struct life life;
		unsigned flags;
		const char *left, *over; /* when the session has ended, too */
	} rows[] = {
		{ { .path = "/tmp/x", .made = &made }, 0, "/tmp/x ", "/tmp/x " },
		{ { .path = "/tmp/none", .made = &made }, 0, "", "/tmp/none " },
		/* In the session's own directory, and in the shared one. */
		{ { .path = "/tmp/s", .made = &made }, 0, "/tmp/s ", "/tmp/s " },
		{ { .path = "/mnt/y", .made = &made }, 0, "/mnt/y ", "/mnt/y " },
		{ { .path = "/tmp/shared", .made = &made }, 0, "", "/tmp/shared " },
		/* What others have made, what is gone, and what the user has named. */
		{ { .path = "/tmp/x" }, 0, "", "" },
		{ { .path = "/tmp/x", .made = &made, .gone = true }, 0, "", "" },
		{ { .path = "/tmp/x", .made = &made, .asked = true }, 0, "", "" },
		{ { .path = "/tmp/x", .made = &made }, TRACE_SHAPE, "", "" },
	};

	begin_view();
	put(IN "/x", 5);
	put("/tmp/s", 7);
	put("/tmp/shared", 1);
	put("/mnt/y", 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		record = (struct trace_record){ .flags = rows[i].flags };
		lives[0] = rows[i].life;
		TEXT_IS(rows[i].life.path, left(1, false), rows[i].left);
		IS(finding.size, !*rows[i].left			  ? 0 :
				 !strcmp(rows[i].left, "/tmp/x ") ? 5 :
				 !strcmp(rows[i].left, "/tmp/s ") ? 7 :
								    0);
		TEXT_IS(rows[i].life.path, left(1, true), rows[i].over);
		IS(finding.size, 0);
	}
	/* Without memory for a finding there is none. */
	record = (struct trace_record){ .flags = 0 };
	lives[0] = rows[0].life;
	no_finding = true;
	TEXT_IS("lacking", left(1, false), "/tmp/x ");
	IS(finding.size, 0);
	no_finding = false;
}

static void with_its_directory(void)
{
	static const struct {
		struct life in;
		const char *left, *over;
	} rows[] = {
		/* A directory that is left is told alone. */
		{ { .path = "/tmp/d", .made = &made }, "/tmp/d ", "/tmp/d " },
		{ { .path = "/tmp/d" }, "/tmp/d/x ", "/tmp/d/x " },
		{ { .path = "/tmp/d", .made = &made, .gone = true },
		  "/tmp/d/x ",
		  "/tmp/d/x " },
		{ { .path = "/tmp/e", .made = &made }, "/tmp/d/x ", "/tmp/d/x /tmp/e " },
	};

	begin_view();
	make_dir(IN "/d", 0, 0700);
	put(IN "/d/x", 5);
	record = (struct trace_record){ .flags = 0 };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		lives[0] = (struct life){ .path = "/tmp/d/x", .made = &made };
		lives[1] = rows[i].in;
		TEXT_IS(rows[i].in.path, left(2, false), rows[i].left);
		TEXT_IS(rows[i].in.path, left(2, true), rows[i].over);
	}
	/* One that is gone, though the trace does not say so. */
	lives[0] = (struct life){ .path = "/tmp/none/x", .made = &made };
	lives[1] = (struct life){ .path = "/tmp/none", .made = &made };
	TEXT_IS("gone", left(2, false), "");
	/* And one that went with the session. */
	TEXT_IS("with the session", left(2, true), "/tmp/none ");
}

static void long_paths(void)
{
	static char longest[PATH_MAX + 8];
	char real[PATH_MAX];

	begin_view();
	memset(longest, 'x', sizeof longest - 1);
	memcpy(longest, "/usr/", 5);
	/* Too long by itself, and by the session's directory. */
	FALSE(left_real_path(longest, real));
	longest[PATH_MAX - 1] = '\0';
	TRUE(left_real_path(longest, real));
	memcpy(longest, "/tmp/", 5);
	FALSE(left_real_path(longest, real));
	lives[0] = (struct life){ .path = longest, .made = &made };
	TEXT_IS("too long", left(1, false), "");
	/* Without a session each path is where it says. */
	pt_view.policy = NULL;
	TRUE(left_real_path("/tmp/x", real));
	TEXT_IS("alone", real, "/tmp/x");
}

static void one_file_twice(void)
{
	struct statx st;

	put("/tmp/same", 1);
	MUST(sys_look(AT_FDCWD, "/tmp/same", &st) == 0);
	for (int i = 0; i < 4; i++) {
		record = (struct trace_record){ .time = (st.stx_ctime.tv_sec + 10) *
							1000000000LL };
		/* Its number is not known, is this, is another; or it was changed later. */
		record.after.ino = i == 0 ? 0 : i == 1 ? st.stx_ino : st.stx_ino + 1;
		if (i == 3)
			record.time = (st.stx_ctime.tv_sec - 10) * 1000000000LL;
		IS(is_same(&made, &st), i != 2);
	}
}

/* -- Sizes -- */

static unsigned long long size_at(const char *path)
{
	struct statx st;

	MUST(sys_look(AT_FDCWD, path, &st) == 0);
	return size_of(path, &st);
}

static void by_another(void)
{
	become(ME);
	/* Without what cannot be looked into. */
	IS(size_at("/tmp/tree"), 10);
	IS(size_at("/tmp/tree/shut"), 0);
}

static void sizes(void)
{
	const int before = descriptors();
	unsigned some = 1;
	char path[512] = "/tmp/deep";

	make_dir("/tmp/tree", 0, 0755);
	make_dir("/tmp/tree/shut", 0, 0700);
	put("/tmp/tree/ten", 10);
	put("/tmp/tree/shut/hundred", 100);
	make_link("/tmp/tree/ten", "/tmp/tree/link", 0);
	IS(size_at("/tmp/tree/ten"), 10);
	IS(size_at("/tmp/tree/link"), 0);
	IS(size_at("/tmp/tree"), 110);
	in_child(by_another);
	IS(size_in(open("/tmp/tree/shut", O_RDONLY | O_CLOEXEC), 0, &some), 100);
	IS(some, 0);
	IS(size_in(open("/tmp/tree/shut", O_RDONLY | O_CLOEXEC), 0, &some), 0);
	/* As deep as is looked, and deeper. */
	for (int i = 0; i <= DEPTH + 1; i++) {
		make_dir(path, 0, 0755);
		if (i >= DEPTH) {
			strcat(path, "/x");
			put(path, i == DEPTH ? 1 : 1000);
			path[strlen(path) - 2] = '\0';
		}
		strcat(path, "/d");
	}
	IS(size_at("/tmp/deep"), 1);
	lacking = true;
	IS(size_at("/tmp/tree"), 0);
	lacking = false;
	IS(descriptors(), before);
}

/* -- What was not seen -- */

static void programs(void)
{
	static char longest[PATH_MAX + 8];
	static const struct {
		const char *path;
		unsigned flags;
		bool unseen;
	} rows[] = {
		{ "/bin/static", TRACE_EXEC | TRACE_BEFORE, true },
		{ "static", TRACE_EXEC | TRACE_BEFORE, true },
		{ "/bin/dynamic", TRACE_EXEC | TRACE_BEFORE, false },
		{ "/bin/static", TRACE_EXEC, false },
		{ "/bin/static", TRACE_BEFORE, false },
		{ NULL, TRACE_EXEC | TRACE_BEFORE, false },
		{ "static-missing", TRACE_EXEC | TRACE_BEFORE, false },
		{ "/static-bad", TRACE_EXEC | TRACE_BEFORE, false },
		{ longest, TRACE_EXEC | TRACE_BEFORE, false },
	};
	struct history history = { .n_events = 1 };
	struct verdicts v = { .history = &history };
	char wanted[64];

	memset(longest, 'x', sizeof longest - 1);
	memcpy(longest, "/static", 7);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct trace_record of = { .flags = rows[i].flags };
		struct event event = { .record = &of, .path = rows[i].path };

		history.events = &event;
		*found = '\0';
		judge_unseen(&v);
		snprintf(wanted, sizeof wanted, "%.32s ",
			 rows[i].path ? rows[i].path : "");
		TEXT_IS("unseen", found, rows[i].unseen ? wanted : "");
		*found = '\0';
		no_shim = true;
		judge_unseen(&v);
		TEXT_IS("without the shim", found, "");
		no_shim = false;
	}
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "of_lives", of_lives }, { "with_its_directory", with_its_directory },
		{ "long", long_paths },	  { "same", one_file_twice },
		{ "sizes", sizes },	  { "programs", programs },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
