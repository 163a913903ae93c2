/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks from a directory whose name is longer than the kernel takes, or that lies outside of the
 * root (route/walk_unnamed.c, route/walk_start.c): see direct.h.
 */
#include "core/sys.h"
#include "direct.h"

static int hook_openat(int dirfd, const char *path, int flags, unsigned mode);
static ssize_t hook_getcwd(char *buf, size_t size);

#define sys_openat hook_openat
#define sys_getcwd hook_getcwd
#include "route/walk_unnamed.c"
#include "route/walk_start.c"
#undef sys_openat
#undef sys_getcwd

#include "direct_walk.h"

static int hook_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	const int hold = O_PATH | O_DIRECTORY | O_CLOEXEC;

	IS(flags & hold, hold);
	IS(mode, 0);
	return sys_openat(dirfd, path, flags, mode);
}

static int no_cwd; /* getcwd(2) fails with this error */

static ssize_t hook_getcwd(char *buf, size_t size)
{
	return no_cwd ? -no_cwd : sys_getcwd(buf, size);
}

enum { LEVELS = 30, LEVEL = 199 };

static int deep;	/* the directory */
static char path[5000]; /* of the last put */

/* TIMES "../" and TAIL. */
static const char *up(int times, const char *tail)
{
	path[0] = '\0';
	while (times--)
		strcat(path, "../");
	return strcat(path, tail);
}

static const char *by_fd(const char *tail)
{
	snprintf(path, sizeof path, "/proc/self/fd/%d/%s", deep, tail);
	return path;
}

static void make_deep(const char *base)
{
	char name[LEVEL + 1], to[16];
	int fd;

	memset(name, 'n', LEVEL);
	name[LEVEL] = '\0';
	MUST(chdir(base) == 0);
	for (int i = 0; i < LEVELS; i++)
		MUST(mkdir(name, 0755) == 0 && chdir(name) == 0);
	make_file("f", 0, 0644);
	make_dir("e", 0, 0755);
	make_file("e/f", 0, 0644);
	MUST(symlink("/tmp/f", "abs") == 0 && symlink("../abs", "e/abs") == 0);
	MUST(symlink(up(LEVELS, "f"), "up") == 0 && symlink(".", "here") == 0);
	MUST(symlink("/mnt/d", "out") == 0 && symlink("/tmp/d/", "in") == 0);
	MUST(symlink("loop", "loop") == 0 && symlink("none", "to-none") == 0);
	MUST(symlink("e", "to-e") == 0 && symlink("/proc/self/cwd/f", "by-cwd") == 0);
	for (int i = 1; i < 42; i++) {
		snprintf(name, sizeof name, "c%d", i);
		snprintf(to, sizeof to, "c%d", i - 1);
		MUST(symlink(i == 1 ? "/tmp/f" : to, name) == 0);
	}
	fd = open_dir(".");
	MUST((deep = fcntl(fd, F_DUPFD_CLOEXEC, 100)) >= 0);
	close(fd);
	MUST(chdir("/") == 0);
}

/* In the directory itself, which has no other name. */
static const char *own(const char *tail)
{
	static char name[128];

	snprintf(name, sizeof name, "/proc/self/fd/%d/%s", deep, tail);
	return name;
}

static int go_as(const char *name, enum follow follow, const char *want)
{
	struct answer is, wanted;

	by_walk(deep, name, follow, &is);
	ask(AT_FDCWD, want, NOFOLLOW, &wanted);
	IS(is.ino, is.error ? 0 : wanted.ino);
	return is.error;
}

static void from(int start, const char *base)
{
	static char long_name[NAME_MAX + 8];
	char top[64];

	snprintf(top, sizeof top, "%s/f", base);
	IS(go(start, "f", own("f")), 0);
	FALSE(walk->crossed);
	IS(go(start, ".", own(".")), 0);
	IS(go(start, "e//f", own("e/f")), 0);
	IS(go(start, "to-e/f", own("e/f")), 0);
	IS(go(start, "to-e/../f", own("f")), 0);
	IS(go(start, "here/here/f", own("f")), 0);
	IS(go(start, "abs", IN "/f"), 0);
	TRUE(walk->crossed);
	IS(go(start, "./abs", IN "/f"), 0);
	IS(go(start, "here//abs", IN "/f"), 0);
	IS(go(start, "e/abs", IN "/f"), 0);
	IS(go(start, "e/../abs", IN "/f"), 0);
	IS(go(start, "e/../e/.././abs", IN "/f"), 0);
	IS(go(start, "to-e/abs", IN "/f"), 0);
	IS(go(start, "in", IN "/d"), 0);
	IS(go(start, "in/f", IN "/d/f"), 0);
	IS(go(start, "in/../f", IN "/f"), 0);
	IS(go(start, "out/f", OUT "/d/f"), 0);
	IS(go(start, "out/../f", OUT "/f"), 0);
	IS(go(start, "out/../../tmp/f", IN "/f"), 0);
	IS(go(start, "up", top), 0);
	IS(go(start, up(LEVELS, "f"), top), 0);
	IS(go(start, up(LEVELS - 2, "f"), NULL), ENOENT);
	IS(go(start, up(LEVELS, ""), base), 0);
	IS(go(start, up(LEVELS, "../mnt/d/f"), OUT "/d/f"), 0);
	IS(go(start, up(LEVELS, "../tmp/d/f"), IN "/d/f"), 0);
	IS(go(start, "none", NULL), ENOENT);
	IS(go(start, "none/../f", NULL), ENOENT);
	IS(go(start, "none/../abs", NULL), ENOENT);
	IS(go(start, "to-none", NULL), ENOENT);
	IS(go(start, "f/../abs", NULL), ENOTDIR);
	IS(go(start, "abs/", NULL), ENOTDIR);
	IS(go(start, "loop", NULL), ELOOP);
	IS(go(start, "loop/../abs", NULL), ELOOP);
	IS(go(start, "c40", IN "/f"), 0);
	IS(go(start, "c41", NULL), ELOOP);
	IS(go(start, "c40/", NULL), ENOTDIR);
	memset(long_name, 'n', NAME_MAX + 1);
	long_name[NAME_MAX + 1] = '\0';
	IS(go(start, long_name, NULL), ENAMETOOLONG);
	strcat(long_name, "/../f");
	IS(go(start, long_name, NULL), ENAMETOOLONG);
}

static void below(const char *base)
{
	int before, error;

	make_dir(IN "/d", 0, 0755);
	make_file(IN "/d/f", 0, 0644);
	make_file(IN "/f", 0, 0644);
	make_dir(OUT "/d", 0, 0755);
	make_file(OUT "/d/f", 0, 0644);
	make_file(OUT "/f", 0, 0644);
	make_file("/tmp/f", 0, 0644);
	make_deep(base);
	before = descriptors();
	MUST((walk = walk_begin(&error)) != NULL);
	from(deep, base);
	MUST(fchdir(deep) == 0);
	from(AT_FDCWD, base);
	/* What was held for the start is held no more. */
	IS(go(deep, "by-cwd", own("f")), 0);
	/* By a link to it: nothing follows the magic link. */
	make_link("/proc/self/cwd", IN "/cwd", 0);
	IS(go(AT_FDCWD, "/tmp/cwd", own(".")), 0);
	IS(go(AT_FDCWD, "/tmp/cwd/abs", IN "/f"), 0);
	MUST(chdir("/") == 0);
	/* What each call follows. */
	IS(go_as("abs", NOFOLLOW, own("abs")), 0);
	IS(go_as("abs", PARENT, own("abs")), 0);
	IS(go_as("e/abs", NOFOLLOW, own("e/abs")), 0);
	IS(go_as("here/abs", NOFOLLOW, own("abs")), 0);
	IS(go_as("in/", NOFOLLOW, IN "/d"), 0);
	IS(go_as("abs/", NOFOLLOW, OUT), ENOTDIR);
	/* By its name in procfs. */
	IS(go(AT_FDCWD, by_fd("f"), own("f")), 0);
	IS(go(AT_FDCWD, by_fd("abs"), IN "/f"), 0);
	IS(go(AT_FDCWD, by_fd("e/../abs"), IN "/f"), 0);
	IS(go(AT_FDCWD, by_fd("here/e/abs"), IN "/f"), 0);
	IS(go(AT_FDCWD, by_fd("out/../../tmp/d"), IN "/d"), 0);
	IS(go(AT_FDCWD, by_fd(""), own(".")), 0);
	/* At the end it is the kernel's, and nothing is held for it. */
	snprintf(path, sizeof path, "/proc/self/fd/%d", deep);
	IS(go(AT_FDCWD, path, own(".")), 0);
	IS(walk->held, -1);
	FALSE(walk->complete);
	IS(go(AT_FDCWD, by_fd("none"), NULL), ENOENT);
	IS(go(AT_FDCWD, by_fd("up"), !strcmp(base, IN) ? IN "/f" : OUT "/f"), 0);
	walk_end(walk);
	IS(descriptors(), before);
	close(deep);
}

static void inside(void)
{
	begin_view();
	below(IN);
}

static void outside(void)
{
	begin_view();
	below(OUT);
}

/* -- What is outside of the current root -- */

/* No words lead from there to what is guarded; what is elsewhere is the kernel's. */
static void lost(void)
{
	const int top = open_high("/"), dir = open_high(OUT "/d");
	int error;

	MUST((walk = walk_begin(&error)) != NULL);
	MUST(chroot(OUT "/jail") == 0 && chdir("/") == 0);
	pt_session.moved = true;
	IS(go(top, "tmp/f", NULL), EACCES);
	IS(go(top, "./tmp/f", NULL), EACCES);
	IS(go(top, "tmp", NULL), EACCES);
	IS(go(top, "var/tmp/f", NULL), EACCES);
	IS(go(top, "mnt/../tmp/f", NULL), EACCES);
	IS(go(dir, "../../tmp/f", NULL), EACCES);
	IS(go(top, "mnt/d/f", NULL), 0);
	FALSE(walk->crossed);
	IS(go(dir, "f", NULL), 0);
	FALSE(walk->crossed);
	IS(go(dir, "../d/f", NULL), 0);
	IS(go(dir, "none", NULL), ENOENT);
	walk_end(walk);
}

/* What is said of AHEAD at the directory NAME of another root, which is DIRFD. */
static int refuse_at(int dirfd, const char *name, const char *ahead)
{
	char *const begin = walk->ahead + WALK_AHEAD - strlen(ahead);

	snprintf(walk_view(walk), WALK_PATH, "%s", name);
	memcpy(begin, ahead, strlen(ahead));
	return walk_refuse_lost(walk, dirfd, begin);
}

static void words(void)
{
	static const struct {
		const char *name, *ahead;
		int want;
	} row[] = {
		/* What is not marked so is not said to be there. */
		{ "(unreachable)", "tmp", -ENOLINK },
		{ "/(unreachable)", "tmp", -ENOLINK },
		{ "/", "tmp", -ENOLINK },
		{ "(unreachable)/", "tmp", -EACCES },
		{ "(unreachable)/", "tmp/x", -EACCES },
		{ "(unreachable)/", "var/tmp/x", -EACCES },
		{ "(unreachable)/var", "tmp", -EACCES },
		{ "(unreachable)/", "var", -ENOLINK },
		{ "(unreachable)/", "tmpx", -ENOLINK },
		{ "(unreachable)/", "", -ENOLINK },
		{ "(unreachable)/a", "b//c/.", -ENOLINK },
		{ "(unreachable)/a", "tmp", -ENOLINK },
		{ "(unreachable)/a", "../tmp", -EACCES },
		{ "(unreachable)/a", ".//../tmp", -EACCES },
		{ "(unreachable)/a", "./../var//tmp", -EACCES },
		{ "(unreachable)/a/b", "../tmp", -ENOLINK },
		{ "(unreachable)/a/b", "../../tmp", -EACCES },
		{ "(unreachable)/a", "bcd/../../tmp", -EACCES },
		{ "(unreachable)/a", "..x/tmp", -ENOLINK },
		{ "(unreachable)/a", ".x/tmp", -ENOLINK },
		{ "(unreachable)/a", "x./../tmp", -ENOLINK },
		{ "(unreachable)/", "../../tmp", -EACCES },
		/* The shared directory of another mount namespace. */
		{ "(unreachable)/tmp/x", "y", -EACCES },
		{ "(unreachable)/tmp", "", -EACCES },
		{ "(unreachable)/var/tmp", "y", -EACCES },
		{ "(unreachable)" PREFIX "x/tmp", "y", -EACCES },
		/* A start in a backing may stay there. */
		{ "(unreachable)" IN "/d", "y", -ENOLINK },
		{ "(unreachable)" IN "/d", "y/./z//", -ENOLINK },
		{ "(unreachable)" IN "/d", "", -ENOLINK },
		{ "(unreachable)" IN "/d", "../y", -EACCES },
	};
	static char name[WALK_PATH], ahead[300];
	const int root = open_high("/");
	const size_t length = strlen("(unreachable)");
	int fd, error;

	begin_view();
	MUST((walk = walk_begin(&error)) != NULL);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const int ret = refuse_at(root, row[i].name, row[i].ahead);

		if (ret != row[i].want)
			fprintf(stderr, "%s, %s\n", row[i].name, row[i].ahead);
		IS(ret, row[i].want);
	}
	/* As long as there is room for. */
	memset(name, 'n', sizeof name);
	memcpy(name, "(unreachable)/", length + 1);
	name[WALK_PATH - 101] = '\0';
	for (int more = 0; more < 2; more++) {
		memset(ahead, 'a', sizeof ahead);
		ahead[length + 99 + (size_t)more] = '\0';
		IS(refuse_at(root, name, ahead), more ? -ENAMETOOLONG : -ENOLINK);
	}
	/* Nothing is above what was moved out of what is mounted: the kernel says so. */
	make_dir(OUT "/from", 0, 0755);
	make_dir(OUT "/from/d", 0, 0755);
	make_dir(OUT "/mounted", 0, 0755);
	MUST(mount(OUT "/from", OUT "/mounted", NULL, MS_BIND, NULL) == 0);
	fd = open_high(OUT "/mounted/d");
	MUST(rename(OUT "/from/d", OUT "/away") == 0);
	IS(refuse_at(fd, "(unreachable)/a", "../tmp"), -ENOENT);
	IS(refuse_at(fd, "(unreachable)/", "tmp"), -EACCES);
	IS(refuse_at(fd, "(unreachable)/a", "x"), -ENOLINK);
	close(fd);
	close(root);
	walk_end(walk);
}

/* Where the working directory cannot be asked for, it is not taken for one of another root. */
static void no_name(void)
{
	char out[PATH_MAX] = "(unreachable)/x";
	struct start start = { .lost = true };

	begin_view();
	no_cwd = EPERM;
	IS(walk_directory(AT_FDCWD, out, sizeof out, &start), -ENOENT);
	FALSE(start.lost);
	no_cwd = ENOMEM;
	IS(walk_directory(AT_FDCWD, out, sizeof out, &start), -ENOMEM);
	no_cwd = 0;
}

static void other_roots(void)
{
	begin_view();
	make_file("/tmp/f", 0, 0644);
	make_file("/var/tmp/f", 0, 0644);
	make_dir(OUT "/d", 0, 0755);
	make_file(OUT "/d/f", 0, 0644);
	make_dir(OUT "/jail", 0, 0755);
	make_dir(OUT "/jail/proc", 0, 0755);
	in_child(lost);
	MUST(mount("proc", OUT "/jail/proc", "proc", 0, NULL) == 0);
	in_child(lost);
	MUST(umount(OUT "/jail/proc") == 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "inside", inside },		{ "outside", outside },
		{ "other_roots", other_roots }, { "words", words },
		{ "no_name", no_name },		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
