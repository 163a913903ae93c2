/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known of the lists of file actions (wrap/spawn_actions.c): what each is given for a
 * path, where it leads, and when posix_spawn is not to use it. See direct.h.
 */
#include "direct_view.h"

#include <sys/resource.h>

#include "route/border.c"
#include "route/route.c"
#define start spawn_start /* a walk has one, too */
#include "wrap/spawn_actions.c"

/* As many as have a place, and some that have none. */
enum { MOST = PLACES * BLOCKS, LISTS = MOST + 8 };

/* Lists are told apart by their addresses alone. */
static char lists[LISTS];
static int answers, calls;
static char given[4096];
static int given_fd, given_flags;

static int real_init(void *actions)
{
	(void)actions;
	return answers;
}

static int real_addopen(void *actions, int fd, const char *path, int flags, unsigned mode)
{
	(void)actions, (void)fd, (void)mode;
	calls++;
	given_flags = flags;
	snprintf(given, sizeof given, "%s", path);
	return answers;
}

static int real_chdir(void *actions, const char *path)
{
	(void)actions;
	calls++;
	snprintf(given, sizeof given, "%s", path);
	return answers;
}

static int real_fchdir(void *actions, int fd)
{
	(void)actions;
	given_fd = fd;
	return answers;
}

static int real_dup2(void *actions, int fd, int to)
{
	(void)actions, (void)to;
	given_fd = fd;
	return answers;
}

void *wrap_find(void **slot, const char *name)
{
	(void)slot;
	if (strstr(name, "addopen"))
		return (void *)real_addopen;
	if (strstr(name, "addfchdir"))
		return (void *)real_fchdir;
	if (strstr(name, "addchdir"))
		return (void *)real_chdir;
	return strstr(name, "adddup2") ? (void *)real_dup2 : (void *)real_init;
}

/* A session in which nothing is known of any list. */
static void begin(void)
{
	begin_view();
	memset(&movers, 0, sizeof movers);
	memset(&starts, 0, sizeof starts);
	memset(&keeps, 0, sizeof keeps);
	too_many = too_many_kept = false;
	any_magic = too_many_magic = false;
	opened = 0;
	pt_view.exact = pt_view.links_exact = pt_view.confined = false;
	pt_view.cwd_inside = 0;
	answers = calls = 0;
	given[0] = '\0';
	MUST(chdir("/mnt") == 0);
}

static int add_open(int list, const char *path, int flags)
{
	return pt_posix_spawn_file_actions_addopen(&lists[list], 5, path, flags, 0600);
}

static int move(int list, const char *path)
{
	return pt_posix_spawn_file_actions_addchdir_np(&lists[list], path);
}

/* What libc is given for PATH where LIST leads. */
#define OPENS(list, path, wanted) \
	do { \
		given[0] = '\0'; \
		IS(add_open(list, path, O_RDONLY), 0); \
		TEXT_IS(path, given, wanted); \
	} while (0)

/* -- Paths -- */

static void paths(void)
{
	begin();
	OPENS(0, "/tmp/x", IN "/x");
	OPENS(0, "/mnt/x", "/mnt/x");
	OPENS(0, "x", "x");
	OPENS(0, "../tmp/x", IN "/x");
	OPENS(0, "/dev/null", "/dev/null");
	IS(calls, 5);
	/* What libc says is what the caller gets, and an empty name is libc's to refuse. */
	answers = ENOENT;
	IS(add_open(0, "", O_RDONLY), ENOENT);
	IS(add_open(0, "/tmp/x", O_RDONLY), ENOENT);
	answers = 0;
	/* Where others are in the session, no link of theirs is followed. */
	IS(add_open(0, "/tmp/x", O_RDONLY), 0);
	IS(given_flags, O_RDONLY);
	pt_view.mixed = true;
	IS(add_open(0, "/tmp/x", O_WRONLY), 0);
	IS(given_flags, O_WRONLY | O_NOFOLLOW);
	IS(add_open(0, "/mnt/x", O_WRONLY), 0);
	IS(given_flags, O_WRONLY);
	pt_view.mixed = false;
	/* A loop of links is an error of the call, with errno as it was. */
	make_link("/mnt/loop", "/mnt/loop", 0);
	make_link(PREFIX "/loop", IN "/loop", 0);
	view_flags[0] = LINKS_OUTSIDE | LINKS_INSIDE;
	make_link("loop", IN "/loop", 0);
	errno = EBADMSG;
	calls = 0;
	IS(add_open(1, "/tmp/loop/x", O_RDONLY), ELOOP);
	IS(errno, EBADMSG);
	IS(move(1, "/tmp/loop/x"), ELOOP);
	IS(calls, 0);
}

/* A path that is only named by a descriptor, which is no more by the time of posix_spawn. */
static void longer(void)
{
	enum { LEVELS = 20, LEVEL = 200 };
	const struct rlimit few = { 8, 8 };
	char path[PATH_MAX] = "/tmp", *at = path + strlen(path);
	int before;

	MUST(chdir(IN) == 0);
	for (int i = 0; i < LEVELS; i++, at += LEVEL + 1) {
		*at = '/';
		memset(at + 1, 'd', LEVEL);
		at[LEVEL + 1] = '\0';
		MUST(mkdir(at + 1, 0755) == 0 && chdir(at + 1) == 0);
	}
	strcpy(at, "/a-name-that-fits-as-the-program-has-it");
	MUST(chdir("/mnt") == 0);
	before = descriptors();
	IS(add_open(0, path, O_RDONLY), ENAMETOOLONG);
	IS(move(0, path), ENAMETOOLONG);
	/* The lowest number is one, too. */
	MUST(setrlimit(RLIMIT_NOFILE, &few) == 0);
	IS(add_open(0, path, O_RDONLY), ENAMETOOLONG);
	IS(descriptors(), before);
	IS(calls, 0);
}

static void long_paths(void)
{
	begin();
	in_child(longer);
}

/* -- Where lists lead -- */

static void moved(void)
{
	char room[2048], longest[MOVER_DIR + 1] = "/";

	begin();
	make_dir("/mnt/d", 0, 0755);
	make_dir(IN "/d", 0, 0755);
	FALSE(spawn_may_move(NULL));
	FALSE(spawn_may_move(&lists[0]));
	FALSE(spawn_moved(&lists[0], "x", room));
	IS(move(0, "/mnt"), 0);
	TEXT_IS("libc's", given, "/mnt");
	TRUE(spawn_may_move(&lists[0]));
	FALSE(spawn_may_move(&lists[1]));
	TRUE(spawn_moved(&lists[0], "x", room));
	TEXT_IS("moved", room, "/mnt/x");
	TEXT_IS("seen", spawn_seen(&lists[0], "x", room), "/mnt/x");
	TEXT_IS("seen", spawn_seen(&lists[0], "/x", room), "/x");
	TEXT_IS("seen", spawn_seen(&lists[0], "", room), "");
	TEXT_IS("seen", spawn_seen(&lists[1], "x", room), "x");
	IS(pt_view.cwd_inside, 0);
	/* From one to the next. */
	OPENS(0, "../tmp/x", IN "/x");
	IS(move(0, "d"), 0);
	TRUE(spawn_moved(&lists[0], "x", room));
	TEXT_IS("moved", room, "/mnt/d/x");
	IS(move(0, "../../tmp"), 0);
	TEXT_IS("libc's", given, IN);
	TRUE(pt_view.cwd_inside);
	OPENS(0, "x", IN "/x");
	TEXT_IS("seen", spawn_seen(&lists[0], "x", room), "/tmp/x");
	/* One that is too long to be noted is unknown, and nothing leads on from there. */
	memset(longest + 1, 'x', MOVER_DIR - 2);
	IS(move(1, longest), 0);
	TRUE(spawn_may_move(&lists[1]));
	FALSE(spawn_moved(&lists[1], "x", room));
	IS(move(1, "d"), 0);
	FALSE(spawn_moved(&lists[1], "x", room));
	/* There, a name that may be a guarded one is refused; others are not. */
	calls = 0;
	IS(add_open(1, "../tmp/x", O_RDONLY), EACCES);
	IS(move(1, "../tmp"), EACCES);
	IS(calls, 0);
	TEXT_IS("seen", spawn_seen(&lists[1], "../tmp/x", room), NULL);
	/* An absolute one makes it known again. */
	IS(move(1, "/mnt"), 0);
	TRUE(spawn_moved(&lists[1], "x", room));
	TEXT_IS("moved", room, "/mnt/x");
	/* A relative one that is the first is seen from the working directory. */
	IS(move(2, "d"), 0);
	TRUE(spawn_moved(&lists[2], "x", room));
	TEXT_IS("moved", room, "d/x");
	/* One that is made too long by the next is unknown, too. */
	longest[MOVER_DIR - 2] = '\0';
	IS(move(3, longest), 0);
	TRUE(spawn_moved(&lists[3], "x", room));
	IS(move(3, "dd"), 0);
	FALSE(spawn_moved(&lists[3], "x", room));
	/* What libc refuses is refused; and all is forgotten with the list. */
	answers = ENOMEM;
	IS(move(4, "/mnt"), ENOMEM);
	IS(pt_posix_spawn_file_actions_init(&lists[0]), ENOMEM);
	FALSE(spawn_may_move(&lists[0]));
	IS(pt_posix_spawn_file_actions_destroy(&lists[1]), ENOMEM);
	FALSE(spawn_may_move(&lists[1]));
	TRUE(spawn_may_move(&lists[2]));
	/* Where a directory is shared, what is started checks where it starts. */
	answers = 0;
	pt_view.cwd_inside = 0;
	pt_view.exact = true;
	IS(move(2, "/mnt"), 0);
	TRUE(pt_view.cwd_inside);
}

static void many_movers(void)
{
	begin();
	for (int i = 0; i < MOST; i++)
		IS(move(i, "/mnt"), 0);
	FALSE(spawn_may_move(&lists[MOST]));
	IS(move(MOST, "/mnt"), 0);
	/* Of one that has no place, nothing is known; nor of others. */
	TRUE(spawn_may_move(&lists[MOST]));
	TRUE(spawn_may_move(&lists[MOST + 1]));
	FALSE(spawn_may_move(NULL));
	IS(add_open(MOST, "../tmp/x", O_RDONLY), EACCES);
}

static int move_to(int list, int fd)
{
	return pt_posix_spawn_file_actions_addfchdir_np(&lists[list], fd);
}

static void descriptors_moved(void)
{
	char room[2048];
	int fd;

	begin();
	make_dir("/mnt/d", 0, 0755);
	fd = open_high("/mnt/d");
	answers = EBADMSG;
	IS(move_to(0, fd), EBADMSG);
	answers = 0;
	IS(given_fd, fd);
	TRUE(pt_view.cwd_inside);
	TRUE(spawn_moved(&lists[0], "x", room));
	TEXT_IS("moved", room, "/mnt/d/x");
	/* By a name that leads elsewhere by now, or that is none. */
	MUST(rmdir("/mnt/d") == 0);
	IS(move_to(1, fd), 0);
	FALSE(spawn_moved(&lists[1], "x", room));
	make_dir("/mnt/d (deleted)", 0, 0755);
	IS(move_to(2, fd), 0);
	FALSE(spawn_moved(&lists[2], "x", room));
	close(fd);
	IS(move_to(3, fd), 0);
	FALSE(spawn_moved(&lists[3], "x", room));
	TRUE(spawn_may_move(&lists[3]));
	IS(move_to(3, -1), 0);
	FALSE(spawn_moved(&lists[3], "x", room));
	/* A number that a list opens is not the caller's. */
	MUST((fd = open("/mnt", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0 && fd < 63);
	IS(move_to(4, fd), 0);
	TRUE(spawn_moved(&lists[4], "x", room));
	IS(pt_posix_spawn_file_actions_adddup2(&lists[5], 1, fd), 0);
	IS(given_fd, 1);
	IS(move_to(4, fd), 0);
	FALSE(spawn_moved(&lists[4], "x", room));
	close(fd);
	/* High numbers are one. */
	fd = open_high("/mnt");
	IS(move_to(6, fd), 0);
	TRUE(spawn_moved(&lists[6], "x", room));
	IS(pt_posix_spawn_file_actions_adddup2(&lists[5], 1, 900), 0);
	IS(move_to(6, fd), 0);
	FALSE(spawn_moved(&lists[6], "x", room));
	close(fd);
}

/* -- Relative names -- */

static void started(void)
{
	begin();
	make_dir("/mnt/d", 0, 0755);
	TRUE(spawn_may_start(NULL));
	TRUE(spawn_may_start(&lists[0]));
	/* Absolute ones, and those that lead nowhere guarded, are right from anywhere. */
	OPENS(0, "/tmp/x", IN "/x");
	OPENS(0, "x", "x");
	FALSE(starts.of.any);
	OPENS(0, "../tmp/x", IN "/x");
	TRUE(spawn_may_start(&lists[0]));
	TRUE(spawn_may_start(&lists[1]));
	MUST(chdir("/mnt/d") == 0);
	FALSE(spawn_may_start(&lists[0]));
	TRUE(spawn_may_start(&lists[1]));
	/* Two names, seen from two directories, are right from neither. */
	OPENS(0, "../../tmp/x", IN "/x");
	FALSE(spawn_may_start(&lists[0]));
	MUST(chdir("/mnt") == 0);
	FALSE(spawn_may_start(&lists[0]));
	IS(pt_posix_spawn_file_actions_destroy(&lists[0]), 0);
	TRUE(spawn_may_start(&lists[0]));
	/* Two from one are. */
	OPENS(0, "../tmp/x", IN "/x");
	OPENS(0, "../tmp/y", IN "/y");
	TRUE(spawn_may_start(&lists[0]));
	/* Of the same number on another file system. */
	{
		struct start other = starts.at[0];

		other.inode = starts.at[0].inode;
		TRUE(is_here(&other));
		other.minor++;
		FALSE(is_here(&other));
		other.minor--;
		other.major++;
		FALSE(is_here(&other));
		other.major--;
		other.inode++;
		FALSE(is_here(&other));
		other.inode--;
		other.known = false;
		FALSE(is_here(&other));
	}
	/* With no place left, the action is refused. */
	for (int i = 1; i < MOST; i++)
		OPENS(i, "../tmp/x", IN "/x");
	calls = 0;
	IS(add_open(MOST, "../tmp/x", O_RDONLY), ENOMEM);
	IS(calls, 0);
	IS(add_open(MOST, "/tmp/x", O_RDONLY), 0);
	/* Without a session nothing is guarded. */
	pt_view.policy = NULL;
	IS(note_start(&lists[MOST], "../tmp/x"), 0);
	begin();
}

/* In a directory that cannot be looked at; it is another user's. */
static void nowhere(void)
{
	struct start start = { .known = true };

	become(OTHER);
	look_here(&start);
	FALSE(start.known);
	start.known = true;
	FALSE(is_here(&start));
}

static void hidden(void)
{
	begin();
	make_dir("/mnt/hidden", ME, 0700);
	MUST(chdir("/mnt/hidden") == 0);
	in_child(nowhere);
	MUST(chdir("/mnt") == 0);
}

/* -- Links that come in between -- */

static void elsewhere(void)
{
	begin();
	FALSE(spawn_leads_elsewhere(NULL));
	FALSE(spawn_leads_elsewhere(&lists[0]));
	make_dir("/mnt/d", 0, 0755);
	make_file("/mnt/d/x", 0, 0600);
	make_file(IN "/x", 0, 0600);
	OPENS(0, "/mnt/d/x", "/mnt/d/x");
	OPENS(1, "/dev/null", "/dev/null");
	OPENS(2, "/tmp/x", IN "/x");
	FALSE(spawn_leads_elsewhere(&lists[0]));
	/* Links are there, but none on this way. */
	view_flags[0] = LINKS_OUTSIDE | LINKS_INSIDE;
	FALSE(spawn_leads_elsewhere(&lists[0]));
	FALSE(spawn_leads_elsewhere(&lists[1]));
	FALSE(spawn_leads_elsewhere(&lists[2]));
	/* Now there is one that leads in, as the kernel would not go. */
	MUST(rename("/mnt/d", "/mnt/e") == 0);
	make_link("/tmp", "/mnt/d", 0);
	errno = EBADMSG;
	TRUE(spawn_leads_elsewhere(&lists[0]));
	IS(errno, EBADMSG);
	FALSE(spawn_leads_elsewhere(&lists[1]));
	FALSE(spawn_leads_elsewhere(&lists[2]));
	/* One that leads where the kernel goes is none. */
	make_link("/mnt/e", "/mnt/d", 0);
	FALSE(spawn_leads_elsewhere(&lists[0]));
	/* One that leads nowhere: whoever fails to walk it does not know. */
	make_link("/mnt/d", "/mnt/d", 0);
	TRUE(spawn_leads_elsewhere(&lists[0]));
	/* It is forgotten with the list, and what nothing is known of is not looked for. */
	IS(pt_posix_spawn_file_actions_destroy(&lists[0]), 0);
	FALSE(spawn_leads_elsewhere(&lists[0]));
	view_flags[0] = 0;
	OPENS(0, "/mnt/e/x", "/mnt/e/x");
	MUST(rename("/mnt/e", "/mnt/f") == 0);
	make_link("/tmp", "/mnt/e", 0);
	FALSE(spawn_leads_elsewhere(&lists[0]));
	pt_view.links_exact = true;
	TRUE(spawn_leads_elsewhere(&lists[0]));
	pt_view.links_exact = false;
	pt_view.confined = true;
	TRUE(spawn_leads_elsewhere(&lists[0]));
}

/* Of the child, by PATH: descriptors and the working directory; and whether of anybody. */
#define MAGIC(path, whole, childs, childs_cwd, anybodys) \
	do { \
		const struct magic found = find_magic(path, whole); \
		IS(found.fds, childs); \
		IS(found.cwd, childs_cwd); \
		IS(found.any, anybodys); \
	} while (0)

static void magics(void)
{
	MAGIC("/proc/self/fd/5/x", false, 1 << 5, 0, 1);
	MAGIC("//proc/./self//fd/5//x/", false, 1 << 5, 0, 1);
	MAGIC("/dev/fd/5/x", false, 1 << 5, 0, 1);
	MAGIC("fd/5/x", false, 1 << 5, 0, 1);
	MAGIC("/etc/../proc/self/fd/5/x", false, 1 << 5, 0, 1);
	MAGIC("/proc/self/fd/5000000000/x", false, (uint64_t)1 << 63, 0, 1);
	MAGIC("/dev/stdin/x", false, 7, 0, 1);
	MAGIC("/proc/self/cwd/x", false, 0, 1, 1);
	MAGIC("/dev/fd/../cwd/x", false, 0, 1, 1);
	/* Of a process that has a number, the child's actions change nothing. */
	MAGIC("/proc/1/fd/5/x", false, 0, 0, 1);
	/* What such a link leads to is no way on. */
	MAGIC("/proc/self/fd/5", false, 0, 0, 0);
	MAGIC("/proc/self/cwd", false, 0, 0, 0);
	MAGIC("/proc/self/fd/5", true, 1 << 5, 0, 1);
	MAGIC("/proc/self/cwd/", true, 0, 1, 1);
	MAGIC("", true, 0, 0, 0);
	MAGIC("/proc/self/root/x", false, 0, 0, 0);
	MAGIC("/mnt/std/self/x", false, 0, 0, 0);
	MAGIC("/mnt/self/cwd/x", false, 0, 0, 1);
}

static void elsewhere_by_magic(void)
{
	char room[2048];
	int fd;

	begin();
	make_dir("/mnt/d", 0, 0755);
	MUST((fd = open("/mnt/d", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0 && fd < 9);
	char path[] = "/proc/self/fd/N/tmp/x";

	path[sizeof "/proc/self/fd/" - 1] = (char)('0' + fd);
	OPENS(0, path, path);
	OPENS(1, "/proc/self/cwd/tmp/x", "/proc/self/cwd/tmp/x");
	OPENS(2, "/mnt/d/x", "/mnt/d/x");
	for (int i = 0; i < 3; i++)
		FALSE(spawn_leads_elsewhere(&lists[i]));
	/* What the caller has changes. */
	MUST(chdir("/") == 0);
	FALSE(spawn_leads_elsewhere(&lists[0]));
	TRUE(spawn_leads_elsewhere(&lists[1]));
	MUST(chdir("/mnt") == 0);
	/* What the child alone has changes. */
	IS(move(1, "/"), 0);
	TRUE(spawn_leads_elsewhere(&lists[1]));
	IS(pt_posix_spawn_file_actions_adddup2(&lists[5], 1, fd), 0);
	TRUE(spawn_leads_elsewhere(&lists[0]));
	FALSE(spawn_leads_elsewhere(&lists[2]));
	TRUE(spawn_moves_program(&lists[0], path));
	FALSE(spawn_moves_program(NULL, path));
	FALSE(spawn_moves_program(&lists[0], "/mnt/d/x"));
	/* So it is unknown where that leads. */
	IS(move(1, "/proc/self/cwd"), 0);
	FALSE(spawn_moved(&lists[1], "x", room));
	close(fd);
	/* Without a place for one, nothing is known of any list. */
	begin();
	for (int i = 0; i < MOST; i++)
		OPENS(i, "/mnt/x", "/mnt/x");
	OPENS(MOST, "/mnt/x", "/mnt/x");
	FALSE(spawn_leads_elsewhere(&lists[0]));
	OPENS(MOST, "/proc/1/cwd/x", "/proc/1/cwd/x");
	TRUE(spawn_leads_elsewhere(&lists[0]));
	begin();
}

static void same_files(void)
{
	begin();
	make_file("/mnt/x", 0, 0600);
	make_file("/mnt/y", 0, 0600);
	MUST(link("/mnt/x", "/mnt/z") == 0);
	TRUE(is_same_file("/mnt/x", "/mnt/z"));
	FALSE(is_same_file("/mnt/x", "/mnt/y"));
	FALSE(is_same_file("/mnt/none", "/mnt/x"));
	FALSE(is_same_file("/mnt/x", "/mnt/none"));
}

static void many_kept(void)
{
	char path[KEPT_PATH + 1] = "/mnt/";

	/* A path that is too long to be kept is unknown where that matters. */
	begin();
	for (size_t i = 5; i < KEPT_PATH; i++)
		path[i] = i % 100 == 99 ? '/' : 'x';
	path[KEPT_PATH] = '\0';
	IS(add_open(0, path, O_RDONLY), 0);
	FALSE(spawn_leads_elsewhere(&lists[0]));
	view_flags[0] = LINKS_OUTSIDE;
	TRUE(spawn_leads_elsewhere(&lists[0]));
	FALSE(spawn_leads_elsewhere(&lists[1]));
	IS(pt_posix_spawn_file_actions_destroy(&lists[0]), 0);
	path[KEPT_PATH - 1] = '\0';
	IS(add_open(0, path, O_RDONLY), 0);
	FALSE(spawn_leads_elsewhere(&lists[0]));
	IS(pt_posix_spawn_file_actions_destroy(&lists[0]), 0);

	for (int i = 0; i < MOST; i++)
		OPENS(i, "/mnt/x", "/mnt/x");
	FALSE(spawn_leads_elsewhere(&lists[0]));
	OPENS(MOST, "/mnt/x", "/mnt/x");
	TRUE(spawn_leads_elsewhere(&lists[0]));
	FALSE(spawn_leads_elsewhere(NULL));

	/* Without a session nothing is kept. */
	begin();
	pt_view.policy = NULL;
	{
		struct route r = { .follow = FOLLOW };

		keep(&lists[0], &r, "/mnt/x", "/mnt/x");
	}
	FALSE(keeps.of.any);
	begin();
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "paths", paths },
		{ "long_paths", long_paths },
		{ "moved", moved },
		{ "many_movers", many_movers },
		{ "descriptors_moved", descriptors_moved },
		{ "started", started },
		{ "hidden", hidden },
		{ "elsewhere", elsewhere },
		{ "magics", magics },
		{ "elsewhere_by_magic", elsewhere_by_magic },
		{ "same_files", same_files },
		{ "many_kept", many_kept },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
