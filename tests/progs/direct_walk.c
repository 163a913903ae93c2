/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks (route/walk.c), beside the kernel's own: in a namespace where the backings are mounted on
 * the guarded directories, as the view has it, the kernel has to arrive at the same. See direct.h.
 */
#include "core/seccomp.h"
#include "core/sys.h"
#include "session/plan.h"

#include <sys/mman.h>

static ssize_t hook_readlinkat(int dirfd, const char *path, char *buf, size_t size);
static int hook_need_backing(unsigned guard, bool tell);
static int hook_openat(int dirfd, const char *path, int flags, unsigned mode);

#define sys_readlinkat hook_readlinkat
#define session_need_backing hook_need_backing
#define sys_openat hook_openat
#include "route/walk.c"
#include "route/walk_start.c"
#undef sys_readlinkat
#undef session_need_backing
#undef sys_openat

#include "direct_walk.h"

static unsigned backings; /* asked for */
static bool filtered;	  /* readlinkat(2) is refused */

static ssize_t hook_readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	const unsigned count = seccomp_count;
	ssize_t n = -EPERM;

	seccomp_count = 0;
	if (!filtered)
		n = sys_readlinkat(dirfd, path, buf, size);
	seccomp_count = count;
	return n;
}

/* Whoever may search a directory need not be able to read it. */
static int hook_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	IS(flags, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return sys_openat(dirfd, path, flags, mode);
}

/* Why there is none has to be told. */
static int hook_need_backing(unsigned guard, bool tell)
{
	TRUE(tell);
	TRUE(guard < 2);
	backings++;
	return session_need_backing(guard, tell);
}

enum { QUERIES = 15000, STARTS = 9, FD = 300 };

struct query {
	int start; /* of a relative path: one of the working directories, or descriptors */
	enum follow follow;
	char path[160];
};

static struct query query[QUERIES];
static struct answer *answers;

/* The same ones each time. */
static unsigned draw(unsigned below)
{
	return (unsigned)random() % below;
}

/* -- What there is -- */

static void begin(void)
{
	int error;

	begin_view();
	make_dir(IN "/d", 0, 0755);
	make_dir(IN "/d/e", 0, 0755);
	make_dir(IN "/d/e/g", 0, 0755);
	make_dir(IN "/d/e/g/h", 0, 0755);
	make_file(IN "/f", 0, 0644);
	make_file(IN "/d/f", 0, 0644);
	make_file(IN "/d/e/f", 0, 0644);
	make_dir(IN "/shut", 0, 0);
	make_link("/tmp/shut/.", IN "/shut-dot", 0);
	make_link("/tmp/shut/", IN "/shut-slash", 0);
	make_link("..", IN "/up", 0);
	make_link("../..", IN "/d/up", 0);
	make_link("../../d/f", IN "/d/e/f2", 0);
	make_link("/tmp/d/e", IN "/abs", 0);
	make_link("/mnt/d/", IN "/out", 0);
	make_link("e", IN "/d/l", 0);
	make_link("loop", IN "/loop", 0);
	make_link("/proc/self/cwd", IN "/cwd", 0);
	make_dir(PREFIX2 "/var/tmp/d", 0, 0755);
	make_link("../../tmp/d", PREFIX2 "/var/tmp/in", 0);
	/* Shared, which in the view lies in the private one. */
	make_dir("/tmp/s", 0, 0755);
	make_dir(IN "/s", 0, 0755);
	make_dir("/tmp/s/d", 0, 0755);
	make_link("../f", "/tmp/s/f", 0);
	make_link("/tmp/d", "/tmp/s/abs", 0);
	/* Planted where the kernel alone would arrive. */
	make_dir("/tmp/d", 0, 0755);
	make_dir("/tmp/d/e", 0, 0755);
	make_file("/tmp/f", 0, 0644);
	make_dir("/var/tmp/d", 0, 0755);
	make_dir(OUT "/d", 0, 0755);
	make_file(OUT "/d/f", 0, 0644);
	make_link("/tmp/d", OUT "/in", 0);
	make_link("../tmp/d/e", OUT "/in2", 0);
	make_link("/tmp", OUT "/guard", 0);
	make_link("..", OUT "/up", 0);
	make_link("../guard/f", OUT "/d/f2", 0);
	if (!walk)
		MUST((walk = walk_begin(&error)) != NULL);
}

static const char *const starts[STARTS] = {
	"/",	"/tmp",	    "/tmp/d/e", "/mnt/d",   "/var/tmp",
	"/tmp", "/tmp/d/e", "/mnt",	"/tmp/s/d",
};

enum { BY_CWD = 5 };

/* The real name of what the view has at PATH. */
static const char *real_of(const char *path, char out[PATH_MAX])
{
	const bool tmp = !strncmp(path, "/tmp", 4) && strncmp(path, "/tmp/s", 6);
	const bool var = !strncmp(path, "/var/tmp", 8);

	snprintf(out, PATH_MAX, "%s%s", tmp ? PREFIX : var ? PREFIX2 : "", path);
	return out;
}

static void open_starts(bool real)
{
	char room[PATH_MAX];

	for (int i = BY_CWD; i < STARTS; i++) {
		const int fd = open(real ? real_of(starts[i], room) : starts[i], O_PATH);

		MUST(fd >= 0 && dup3(fd, FD + i, O_CLOEXEC) == FD + i);
		close(fd);
	}
}

/* -- What is asked -- */

static void make_query(struct query *q)
{
	static const char *const words[] = {
		"tmp",
		"tmp",
		"var",
		"d",
		"d",
		"e",
		"f",
		"f2",
		"up",
		"abs",
		"out",
		"l",
		"loop",
		"cwd",
		"in",
		"in2",
		"guard",
		"s",
		"none",
		"shut",
		"..",
		"..",
		"..",
		"..",
		".",
		"g",
		"h",
		"mnt",
		"proc/self/cwd",
		"proc/self/fd/306",
		"proc/self/fd/307",
		"proc/self/root",
		"proc/self/exe",
		"tmp/d/e/g/h",
		"d/e/g/h",
	};
	const unsigned n = 1 + draw(7);
	size_t len = 0;

	q->start = (int)draw(STARTS);
	q->follow = (enum follow)draw(3);
	q->path[0] = '\0';
	if (draw(3))
		strcpy(q->path, draw(4) ? "/" : draw(2) ? "/tmp/" : "/mnt/");
	for (unsigned i = 0; i < n; i++) {
		const char *word = words[draw(sizeof words / sizeof *words)];

		len = strlen(q->path);
		snprintf(q->path + len, sizeof q->path - len, "%s%s", word,
			 i + 1 < n ? (draw(9) ? "/" : "//") :
			 draw(6)   ? "" :
			 draw(2)   ? "/" :
				     "/.");
	}
	/* Of these a call that makes or removes its last component says no more. */
	len = strlen(q->path);
	if (q->follow == PARENT && (q->path[len - 1] == '.' || q->path[len - 1] == '/'))
		q->follow = FOLLOW;
}

static int start_of(const struct query *q, bool real)
{
	char room[PATH_MAX];

	if (q->start >= BY_CWD)
		return FD + q->start;
	MUST(chdir(real ? real_of(starts[q->start], room) : starts[q->start]) == 0);
	return AT_FDCWD;
}

/* The kernel's answers, in the view. */
static void by_kernel(void)
{
	MUST(unshare(CLONE_NEWNS) == 0);
	MUST(mount("/tmp/s", IN "/s", NULL, MS_BIND, NULL) == 0);
	MUST(mount(PREFIX2 "/var/tmp", "/var/tmp", NULL, MS_BIND, NULL) == 0);
	MUST(mount(IN, "/tmp", NULL, MS_BIND | MS_REC, NULL) == 0);
	open_starts(false);
	for (int i = 0; i < QUERIES; i++)
		ask(start_of(&query[i], false), query[i].path, query[i].follow,
		    &answers[i]);
}

static void compare(void)
{
	const int before = descriptors();

	for (int i = 0; i < QUERIES; i++) {
		const struct query *q = &query[i];
		struct answer is;

		by_walk(start_of(q, true), q->path, q->follow, &is);
		if (is.error == answers[i].error && is.ino == answers[i].ino &&
		    is.dev == answers[i].dev)
			continue;
		direct_failed(__FILE__, i, q->path, is.error, answers[i].error);
		if (direct_failures < 20)
			fprintf(stderr, "from %s, by %d: at %s, %s\n", starts[q->start],
				q->follow, walk_view(walk),
				walk->crossed ? "crossed" : "not crossed");
	}
	IS(descriptors(), before);
}

static void with_kernel(void)
{
	struct stat st;

	begin();
	MUST(stat("/proc", &st) == 0);
	of_procfs = st.st_dev;
	answers = mmap(NULL, QUERIES * sizeof *answers, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(answers != MAP_FAILED);
	for (int i = 0; i < QUERIES; i++)
		make_query(&query[i]);
	in_child(by_kernel);
	open_starts(true);
	compare();
	MUST(chdir("/") == 0);
}

/* -- What the kernel has no such name for -- */

/* glibc's realpath(3) takes a name away, and does not search that directory. */
static void by_words(void)
{
	MUST(chmod(ROOT, 0711) == 0);
	become(ME);
	IS(go(AT_FDCWD, "/tmp/shut/../f", NULL), EACCES);
	IS(go(AT_FDCWD, "/tmp/shut-dot", NULL), EACCES);
	IS(go(AT_FDCWD, "/tmp/shut-slash", IN "/shut"), 0);
	walk->lexical = true;
	IS(go(AT_FDCWD, "/tmp/shut/../f", IN "/f"), 0);
	MUST(chdir(IN "/d") == 0);
	IS(go(AT_FDCWD, "../f", IN "/f"), 0);
	IS(go(AT_FDCWD, "../../mnt/d", OUT "/d"), 0);
	IS(go(AT_FDCWD, "/proc/self/cwd/../f", IN "/f"), 0);
}

/* What the path just walked is called by walk_seen. */
static const char *is_seen(void)
{
	size_t len;
	int guard;

	return walk_seen(walk, walk_real(walk, &len, &guard));
}

/* In a directory that is open, and that its user could not come to by name. */
static void out_of_reach(void)
{
	MUST(chmod(ROOT, 0711) == 0 && chdir(IN "/priv/pub") == 0);
	become(ME);
	IS(go(AT_FDCWD, "/tmp/cwd/f", "f"), 0);
	TRUE(is_seen() && strstr(is_seen(), "/cwd/f"));
	IS(go(AT_FDCWD, "/tmp/cwd/e/../f", "f"), 0);
	IS(go(AT_FDCWD, "/tmp/priv/pub/f", NULL), EACCES);
	IS(go(AT_FDCWD, "f", "f"), 0);
	FALSE(is_seen());
	MUST(chdir(IN "/d") == 0);
	IS(go(AT_FDCWD, "/tmp/cwd/f", "f"), 0);
	FALSE(is_seen());
	IS(go(AT_FDCWD, "/tmp/f", IN "/f"), 0);
	FALSE(is_seen());
}

static void odd_starts(void)
{
	char name[64];
	int fd, pipes[2];

	begin();
	/* A directory of the shared one, which was open before. */
	fd = open_dir("/tmp/d");
	IS(go(fd, "e", "/tmp/d/e"), 0);
	TRUE(walk->foreign);
	FALSE(walk->crossed);
	IS(go(fd, ".", "/tmp/d"), 0);
	IS(go(fd, "..", IN), 0);
	IS(go(fd, "../f", IN "/f"), 0);
	FALSE(walk->foreign);
	/* Links above it are those of the private one. */
	IS(go(fd, "../abs", IN "/d/e"), 0);
	IS(go(fd, "../abs/../f", IN "/d/f"), 0);
	make_link("/tmp/f", "/tmp/d/link", 0);
	IS(go(fd, "link", IN "/f"), 0);
	snprintf(name, sizeof name, "/proc/self/fd/%d/../f", fd);
	IS(go(AT_FDCWD, name, IN "/f"), 0);
	snprintf(name, sizeof name, "/proc/self/fd/%d/e", fd);
	IS(go(AT_FDCWD, name, "/tmp/d/e"), 0);
	close(fd);
	fd = open_dir("/tmp");
	IS(go(fd, "f", IN "/f"), 0);
	IS(go(fd, ".", IN), 0);
	IS(go(fd, "..", "/"), 0);
	IS(go(fd, "s/d", "/tmp/s/d"), 0);
	snprintf(name, sizeof name, "/proc/self/fd/%d/", fd);
	IS(go(AT_FDCWD, name, IN), 0);
	close(fd);
	/* What needs nothing is left as it is, also where there is nothing. */
	MUST(chdir(OUT "/d") == 0);
	IS(go(AT_FDCWD, "/proc/self/cwd/none", NULL), ENOENT);
	FALSE(walk->crossed);
	/* A name that only ends as the one above. */
	make_dir(IN "/d.", 0, 0755);
	IS(go(AT_FDCWD, "/tmp/d./../f", IN "/f"), 0);
	IS(go(AT_FDCWD, "/tmp/d.", IN "/d."), 0);
	/* One that is no more. */
	make_dir(IN "/gone", 0, 0755);
	fd = open_dir(IN "/gone");
	MUST(rmdir(IN "/gone") == 0);
	IS(go(fd, "../f", IN "/f"), 0);
	IS(go(fd, "x", NULL), ENOENT);
	snprintf(name, sizeof name, "/proc/self/fd/%d//../f", fd);
	IS(go(AT_FDCWD, name, IN "/f"), 0);
	snprintf(name, sizeof name, "/proc/self/fd/%d/../../mnt/d", fd);
	IS(go(AT_FDCWD, name, OUT "/d"), 0);
	snprintf(name, sizeof name, "/proc/self/fd/%d//../../mnt/d", fd);
	IS(go(AT_FDCWD, name, OUT "/d"), 0);
	snprintf(name, sizeof name, "/proc/self/fd/%d/x", fd);
	IS(go(AT_FDCWD, name, NULL), ENOENT);
	close(fd);
	/* A file whose name only looks so. */
	make_dir(IN "/x (deleted)", 0, 0755);
	fd = open_dir(IN "/x (deleted)");
	IS(go(fd, "../f", IN "/f"), 0);
	close(fd);
	/* What is no path at all. */
	MUST(pipe(pipes) == 0);
	snprintf(name, sizeof name, "/proc/self/fd/%d", pipes[0]);
	IS(go(AT_FDCWD, name, NULL), 0);
	FALSE(walk->crossed);
	strcat(name, "/");
	IS(go(AT_FDCWD, name, NULL), ENOTDIR);
	strcat(name, "../f");
	IS(go(AT_FDCWD, name, NULL), ENOTDIR);
	IS(go(pipes[0], "f", NULL), ENOTDIR);
	IS(go(-1, "f", NULL), EBADF);
	close(pipes[0]);
	close(pipes[1]);
	in_child(by_words);
	make_dir(IN "/priv", 0, 0700);
	make_dir(IN "/priv/pub", 0, 0755);
	make_dir(IN "/priv/pub/e", 0, 0755);
	make_file(IN "/priv/pub/f", 0, 0644);
	in_child(out_of_reach);
	walk->lexical = true;
	IS(go(AT_FDCWD, "/tmp/f/../d", NULL), ENOTDIR);
	IS(go(AT_FDCWD, "/tmp/d/up/tmp/f", IN "/f"), 0);
	IS(go(AT_FDCWD, "/tmp/none/../d", NULL), ENOENT);
	walk->lexical = false;
	IS(go(AT_FDCWD, "/tmp/f/../d", NULL), ENOTDIR);
	IS(go(AT_FDCWD, "/tmp/none/../d", NULL), ENOENT);
}

/* -- Lengths -- */

static char long_path[5 * PATH_MAX];

/* HEAD, TIMES MIDDLE, and TAIL. */
static const char *put(const char *head, size_t times, const char *middle,
		       const char *tail)
{
	size_t len = strlen(head), n = strlen(middle);

	strcpy(long_path, head);
	for (; times; times--, len += n)
		memcpy(long_path + len, middle, n + 1);
	strcpy(long_path + len, tail);
	return long_path;
}

/* The walk alone: no system call takes such a path. */
static void walks_to(const char *path, const char *view, bool crossed)
{
	IS(walk_path(walk, AT_FDCWD, path, strlen(path), FOLLOW), 0);
	IS(strcmp(walk_view(walk), view), 0);
	IS(walk->crossed, crossed);
}

static void lengths(void)
{
	char name[512], text[NAME_MAX + 8];

	begin();
	for (size_t n = 500; n < 2000; n += 7)
		walks_to(put("/tmp", n, "/d/..", "/f"), "/tmp/f", true);
	for (size_t n = 4000; n < 4200; n++)
		walks_to(put("/tmp", n, "/", "f"), "/tmp/f", true);
	for (size_t n = 2020; n < 2080; n++)
		walks_to(put("/tmp", n, "/.", "/f"), "/tmp/f", true);
	walks_to(put("/mnt", 3300, "/d/..", "/d/f"), "/mnt/d/f", false);
	walks_to(put("/tmp", 20, "/d/l/../..", "/abs/"), "/tmp/d/e/", true);
	/* The longest names, wherever a part of the path ends. */
	memset(text, 'n', NAME_MAX);
	text[NAME_MAX] = '\0';
	snprintf(name, sizeof name, IN "/%s", text);
	make_dir(name, 0, 0755);
	snprintf(name, sizeof name, "/%s/..", text);
	for (size_t n = 0; n < NAME_MAX + 8; n++) {
		char head[NAME_MAX + 16] = "/tmp";

		memset(head + 4, '/', n);
		walks_to(put(head, 20, name, "/f"), "/tmp/f", true);
	}
	/* As many links as the kernel follows. */
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof name, IN "/c%d", i);
		snprintf(text, sizeof text, i == 1 ? "f" : "c%d", i - 1);
		make_link(text, name, 0);
	}
	IS(go(AT_FDCWD, "/tmp/c40", IN "/f"), 0);
	IS(go(AT_FDCWD, "/tmp/c41", NULL), ELOOP);
	/* Texts that are longer together than any path. */
	make_link(put("", 1990, "./", "d/"), IN "/l1", 0);
	make_link(put("l1/", 2000, "./", "e"), IN "/l2", 0);
	IS(go(AT_FDCWD, "/tmp/l1/e", IN "/d/e"), 0);
	IS(go(AT_FDCWD, "/tmp/l2", IN "/d/e"), 0);
	IS(go(AT_FDCWD, put("/tmp/l2/", 200, "./", ""), IN "/d/e/."), 0);
}

/* Where a filter forbids to look for links, nothing is taken for one. */
static void filters(void)
{
	begin();
	backings = 0;
	walks_to("/tmp/d", "/tmp/d", true);
	walks_to("/mnt/in", "/tmp/d", true);
	IS(backings, 2);
	filtered = true;
	IS(walk_path(walk, AT_FDCWD, "/tmp/abs/../x", 13, FOLLOW), 0);
	FALSE(walk->complete);
	seccomp_count = 1;
	walks_to("/tmp/abs/../x", "/tmp/x", true);
	TRUE(walk->complete);
	filtered = false;
	walks_to("/tmp/abs/../x", "/tmp/d/x", true);
	seccomp_count = 0;
}

/* -- Parts -- */

static void set_view(const char *head, size_t fill)
{
	char *view = walk_view(walk);

	strcpy(view, head);
	memset(view + strlen(head), 'x', fill);
	walk->len = strlen(head) + fill;
	view[walk->len] = '\0';
}

/* What a base and a magic link are put before, up to what fits. */
static void seen(void)
{
	begin();
	for (size_t jump = 0; jump < 30; jump += 29)
		for (unsigned ups = 0; ups < 3; ups++)
			for (size_t n = PATH_MAX - 60; n < PATH_MAX + 10; n++) {
				const bool fits = jump + !!jump + 3 * ups + n + 1 <=
						  PATH_MAX;
				char want[2 * PATH_MAX];

				set_view("/base/", n);
				walk->base_len = strlen("/base");
				walk->base_ups = ups;
				memset(walk->jump, 'j', jump);
				walk->jump[jump] = '\0';
				IS(walk_put_seen(walk), fits);
				if (!fits)
					continue;
				snprintf(want, sizeof want, "%s%s%.*s%s", walk->jump,
					 jump ? "/" : "", (int)(3 * ups), "../../",
					 walk_view(walk) + 6);
				IS(strcmp(walk->text, want), 0);
			}
	walk->base_len = 0;
	walk->jump[0] = '\0';
}

static void parts(void)
{
	char *end;

	begin();
	end = walk->ahead + WALK_AHEAD;
	/* Whatever stands behind the buffer. */
	walk->more = (const char *)(uintptr_t)0x2f2f2f2f;
	walk->more_len = 0;
	end[-1] = end[-2] = '/';
	TRUE(walk_is_last(walk, end) && walk_is_last(walk, end - 2));
	end[-1] = 'x';
	FALSE(walk_is_last(walk, end - 2));
	for (size_t n = WALK_PATH - 20; n < WALK_PATH - 2; n++)
		for (size_t more = 0; more < 20; more++) {
			set_view("/", n - 1);
			IS(walk_append(walk, "twenty-bytes-of-names", more),
			   n + 1 + more < WALK_PATH);
			if (n + 1 + more < WALK_PATH) {
				IS(walk->len, n + 1 + more);
				IS(walk_view(walk)[n], '/');
			}
			IS(strlen(walk_view(walk)), walk->len);
		}
	set_view("/", 0);
	TRUE(walk_append(walk, "a", 1));
	IS(strcmp(walk_view(walk), "/a"), 0);
	walk_truncate(walk, 0);
	IS(strcmp(walk_view(walk), "/"), 0);
	IS(walk->len, 1);
	TRUE(wants_search("/.", 2) && wants_search("a/.", 3) && wants_search("a/.//", 5));
	FALSE(wants_search(".", 1) || wants_search("a.", 2) || wants_search("/", 1) ||
	      wants_search("//", 2) || wants_search("a/..", 4));
	TRUE(wants_directory("/", 1) && wants_directory("a/", 2) &&
	     wants_directory("a/.", 3));
	FALSE(wants_directory("a", 1) || wants_directory("a.", 2) ||
	      wants_directory(".", 1));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "with_kernel", with_kernel },
		{ "odd_starts", odd_starts },
		{ "lengths", lengths },
		{ "filters", filters },
		{ "seen", seen },
		{ "parts", parts },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
