/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the trees in a root are removed (session/remove_tree.c): see direct.h. */
#include "direct_remove.h"

static void begin(void)
{
	clear();
	reset();
	memset(&remains, 0, sizeof remains);
	make_canary();
	dir("/tmp/R", 0700);
	file("/tmp/R/lease");
}

/* Its result; the directory was read to its end before. */
static int removed(const char *name)
{
	const int before = descriptors(), fd = open_high("/tmp/R");
	char buffer[4096];
	int ret;

	MUST(fd >= 0);
	while (sys_getdents(fd, buffer, sizeof buffer) > 0)
		;
	ret = remove_root(fd, name, &remains);
	close(fd);
	IS(descriptors(), before);
	TRUE(is_there("/var/tmp/canary/file"));
	return ret;
}

static void all_goes(void)
{
	IS(removed("/tmp/R"), 0);
	IS(remains.count, 0);
	FALSE(is_there("/tmp/R"));
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	MUST(lstat(path, &st) == 0);
	return st.st_mode & 07777;
}

/* All but one is gone, which is told. */
static void all_but(const char *left, const char *name, int error)
{
	IS(removed("/tmp/R"), -error);
	IS(remains.count, 1);
	IS(remains.error, error);
	IS(strcmp(remains.name, name), 0);
	TRUE(is_there("/tmp/R/lease"));
	if (left)
		TRUE(is_there(left));
}

static void make_many(void)
{
	char path[PATH_MAX] = "/tmp/R/many";

	dir(path, 0700);
	for (int i = 0; i < 1500; i++) {
		snprintf(path, sizeof path, "/tmp/R/many/a-name-of-some-length-%d", i);
		file(path);
	}
	snprintf(path, sizeof path, "/tmp/R");
	for (int i = 0; i < 40; i++) {
		const size_t n = strlen(path);

		snprintf(path + n, sizeof path - n, "/deep");
		dir(path, 0700);
		snprintf(path + n + 5, sizeof path - n - 5, "/file");
		file(path);
		path[n + 5] = '\0';
	}
}

/* Names of every kind, such as those that directories get while they wait. */
static void make_names(void)
{
	static const char *const files[] = { ".r1",   ".r3x",	".rx", ".r",	"..x",
					     "...",   "..",	".x",  "r7",	"a/lease",
					     "a/.r0", "a/.r",	"x",   ".r2/y", ".r0/y",
					     ".q4",   ".r5/.r1" };
	static const char *const dirs[] = { "a",    ".r0", ".r2",   ".r4",   ".r5",
					    ".r6x", "a/b", "a/b/c", "a/.r9", "lease.d",
					    "-r9",  ".q5", ".rd",   ".r7:" };
	char path[64];

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		snprintf(path, sizeof path, "/tmp/R/%s", dirs[i]);
		dir(path, 0700);
		strcat(path, "/in");
		file(path);
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "/tmp/R/%s", files[i]);
		if (strcmp(files[i], ".."))
			file(path);
	}
	dir("/tmp/R/empty", 0700);
	dir("/tmp/R/.r8", 0700);
	make_link("/var/tmp/canary", "/tmp/R/link", owner);
	make_link("/var/tmp/canary", "/tmp/R/.r7", owner);
	make_link("/var/tmp/canary/file", "/tmp/R/a/link", owner);
	MUST(mkfifo("/tmp/R/fifo", 0600) == 0);
}

static void trees(void)
{
	for (int unknown = 0; unknown < 2; unknown++) {
		begin();
		hook.unknown = unknown;
		all_goes();
		begin();
		hook.unknown = unknown;
		make_names();
		make_many();
		all_goes();
		/* What does not wait is moved. */
		TRUE(called("rename -r9") && called("rename .q5") &&
		     called("rename .rd") && called("rename .r7:") &&
		     called("rename .r6x"));
		IS(called("rename .r2") + called("rename .r4\n"), 0);
	}
	/* Nothing of it is moved but what has something in it. */
	begin();
	dir("/tmp/R/empty", 0700);
	file("/tmp/R/x");
	all_goes();
	IS(called("rename"), 0);
	IS(called("list"), 6);
}

/* As on a disk that others have filled, or where a directory can have so many in it. */
static void without_room(void)
{
	static const int errors[] = { ENOSPC, EDQUOT, EMLINK, EXDEV };
	char path[64];

	for (int room = 0; room < 6; room++) {
		begin();
		make_many();
		for (int i = 0; i < 30; i++) {
			snprintf(path, sizeof path, "/tmp/R/%d", i);
			dir(path, 0700);
			strcat(path, "/a");
			dir(path, 0700);
			strcat(path, "/b");
			dir(path, i % 3 ? 0700 : 0);
			if (i % 3)
				file(strcat(path, "/c"));
		}
		hook.cramped = true;
		hook.room = room;
		hook.error = errors[room % 4];
		all_goes();
	}
	/* What cannot go for another reason keeps nothing else. */
	begin();
	make_names();
	dir("/tmp/R/b", 0700);
	mount_at("/tmp/R/b/mount");
	dir("/tmp/R/c", 0700);
	file("/tmp/R/c/file");
	hook.cramped = true;
	hook.error = ENOSPC;
	all_but("/tmp/R/b/mount", "b", ENOSPC);
	MUST(umount("/tmp/R/b/mount") == 0);
	memset(&remains, 0, sizeof remains);
	all_goes();
}

/* NFS and libfuse keep what is open, by another name. */
static void open_files(void)
{
	static const char *const held[] = { ".nfs000000000004", ".fuse_hidden0001" };

	for (int i = 0; i < 4; i++) {
		begin();
		dir("/tmp/R/a", 0700);
		file("/tmp/R/a/file");
		file("/tmp/R/a/open");
		hook.open = i < 2 ? "lease" : "open";
		hook.held = held[i % 2];
		hook.error = i % 2 ? 0 : EBUSY;
		IS(removed("/tmp/R"), -ENOTEMPTY);
		/* Of the directory in the root it is told; not of the file. */
		IS(remains.count, (unsigned long)(i >= 2 ? TRIES : 0));
		FALSE(is_there("/tmp/R/a"));
		TRUE(called("list") < 50);
		/* Closed. */
		reset();
		memset(&remains, 0, sizeof remains);
		all_goes();
	}
}

/* Every mode, in a directory and above one. */
static void shut_of_me(void)
{
	char path[64];

	become(ME);
	for (unsigned mode = 0; mode < 8; mode++) {
		snprintf(path, sizeof path, "/tmp/R/m%u", mode);
		MUST(mkdir(path, 0700) == 0);
		for (unsigned in = 0; in < 8; in++) {
			snprintf(path, sizeof path, "/tmp/R/m%u/n%u", mode, in);
			MUST(mkdir(path, 0700) == 0);
			strcat(path, "/f");
			close(open(path, O_CREAT | O_WRONLY, 0));
			path[strlen(path) - 1] = 'g';
			close(open(path, O_CREAT | O_WRONLY, 0));
			path[strlen(path) - 2] = '\0';
			MUST(chmod(path, in << 6) == 0);
		}
		snprintf(path, sizeof path, "/tmp/R/m%u", mode);
		MUST(chmod(path, mode << 6) == 0);
	}
	all_goes();
}

/* The root itself, and one that waits. */
static void shut_root(void)
{
	int fd;

	become(ME);
	MUST(mkdir("/tmp/R/.r0", 0700) == 0 && mkdir("/tmp/R/.r0/a", 0700) == 0);
	MUST(chmod("/tmp/R/.r0", 0) == 0);
	fd = open_high("/tmp/R");
	MUST(chmod("/tmp/R", 0500) == 0);
	IS(remove_root(fd, "/tmp/R", &remains), 0);
	FALSE(is_there("/tmp/R"));
}

/* No pass is made twice for it, nor for two. */
static void shut_alone(void)
{
	become(ME);
	MUST(mkdir("/tmp/R/b", 0700) == 0 && mkdir("/tmp/R/b/a", 0700) == 0);
	close(open("/tmp/R/b/a/x", O_CREAT | O_WRONLY, 0));
	MUST(chmod("/tmp/R/b/a", 0500) == 0);
	all_goes();
	IS(called("rename a\n"), 2);
	IS(called("list"), 12);
}

static void shut_both(void)
{
	become(ME);
	MUST(mkdir("/tmp/R/b", 0700) == 0);
	MUST(mkdir("/tmp/R/b/a", 0700) == 0 && mkdir("/tmp/R/b/c", 0700) == 0);
	close(open("/tmp/R/b/a/x", O_CREAT | O_WRONLY, 0));
	close(open("/tmp/R/b/c/x", O_CREAT | O_WRONLY, 0));
	MUST(chmod("/tmp/R/b/a", 0500) == 0 && chmod("/tmp/R/b/c", 0500) == 0);
	all_goes();
	IS(called("rename a\n") + called("rename c\n"), 4);
	IS(called("list"), 14);
}

/* Entries of what cannot be written to. */
static void shut_below(void)
{
	become(ME);
	MUST(mkdir("/tmp/R/.r0", 0700) == 0);
	close(open("/tmp/R/.r0/x", O_CREAT | O_WRONLY, 0));
	MUST(chmod("/tmp/R/.r0", 0500) == 0);
	all_goes();
	IS(called("unlink x"), 2);
	IS(called("list"), 6);
}

static void shut(void)
{
	owner = ME;
	begin();
	in_child(shut_of_me);
	begin();
	file("/tmp/R/x");
	in_child(shut_root);
	begin();
	in_child(shut_alone);
	begin();
	in_child(shut_both);
	begin();
	in_child(shut_below);
	owner = 0;
}

static void mounts(void)
{
	begin();
	make_names();
	mount_at("/tmp/R/mount");
	file("/tmp/R/mount/file");
	all_but("/tmp/R/mount/file", "mount", EBUSY);
	FALSE(is_there("/tmp/R/x"));
	FALSE(is_there("/tmp/R/a"));
	/* In another one, and two of them. */
	begin();
	dir("/tmp/R/a", 0700);
	mount_at("/tmp/R/a/mount");
	file("/tmp/R/a/x");
	all_but("/tmp/R/.r0/mount", "mount", EBUSY);
	FALSE(is_there("/tmp/R/.r0/x"));
	/* Permissions that are not in the way stay. */
	begin();
	dir("/tmp/R/a", 0755);
	mount_at("/tmp/R/a/mount");
	all_but("/tmp/R/.r0/mount", "mount", EBUSY);
	IS(mode_of("/tmp/R/.r0"), 0755);
	begin();
	dir("/tmp/R/a", 0700);
	mount_at("/tmp/R/a/mount");
	dir("/tmp/R/b", 0700);
	mount_at("/tmp/R/b/mount");
	file("/tmp/R/b/x");
	IS(removed("/tmp/R"), -EBUSY);
	IS(remains.count, 2);
	/* One on a directory that waits. */
	begin();
	mount_at("/tmp/R/.r3");
	all_but("/tmp/R/.r3", ".r3", EBUSY);
}

/* -- What happens meanwhile -- */

static void make_more(void)
{
	static int n;
	char path[64];

	snprintf(path, sizeof path, "/tmp/R/more-%d", n++);
	file(path);
}

static void make_more_in(void)
{
	file("/tmp/R/.r0/late");
}

static void replace_by_dir(void)
{
	unlink("/tmp/R/racy");
	mkdir("/tmp/R/racy", 0700);
}

static void replace_by_link(void)
{
	rmdir("/tmp/R/racy");
	MUST(symlink("/var/tmp/canary", "/tmp/R/racy") == 0);
}

static void replace_by_other(void)
{
	MUST(rename("/tmp/R", "/tmp/S") == 0 && mkdir("/tmp/R", 0700) == 0);
}

static void move_away(void)
{
	MUST(rename("/tmp/R", "/tmp/S") == 0);
}

static void errors(void)
{
	static const int in_the_way[] = { ENOTEMPTY, EEXIST, ENOTDIR };

	/* What cannot be removed is told, and keeps nothing else. */
	begin();
	file("/tmp/R/stuck");
	file("/tmp/R/x");
	file("/tmp/R/y");
	hook_at("unlink", "stuck", 100, EIO);
	all_but("/tmp/R/stuck", "stuck", EIO);
	FALSE(is_there("/tmp/R/x"));
	FALSE(is_there("/tmp/R/y"));
	/* What is no directory is not tried as one, whatever its entry tells of it. */
	begin();
	file("/tmp/R/stuck");
	file("/tmp/R/x");
	hook_at("unlink", "stuck", 100, EIO);
	hook.unknown = true;
	all_but("/tmp/R/stuck", "stuck", EIO);
	IS(called("rmdir x") + called("rmdir stuck"), 0);
	/* Nor is an end without permission tried for ever. */
	begin();
	file("/tmp/R/stuck");
	hook_at("unlink", "stuck", 1000, EACCES);
	all_but("/tmp/R/stuck", "stuck", EACCES);
	begin();
	dir("/tmp/R/a", 0700);
	file("/tmp/R/a/x");
	hook_at("rename", "a", 1000, EACCES);
	all_but("/tmp/R/a/x", "a", EACCES);
	begin();
	dir("/tmp/R/a", 0700);
	file("/tmp/R/a/x");
	hook_at("rename", "a", 1000, EIO);
	all_but("/tmp/R/a/x", "a", EIO);
	/* A removed one is gone. */
	begin();
	file("/tmp/R/x");
	hook_at("unlink", "x", 1, 0);
	hook.afterwards = ENOENT;
	all_goes();
	begin();
	dir("/tmp/R/.r0", 0700);
	hook_at("rmdir", ".r0", 1, 0);
	hook.afterwards = ENOENT;
	all_goes();
	IS(called("open"), 0);
	/* Another name for the same. */
	for (int i = 0; i < 3; i++) {
		begin();
		dir("/tmp/R/a", 0700);
		file("/tmp/R/a/x");
		hook_at("rename", "a", 3, in_the_way[i]);
		all_goes();
		TRUE(strstr(calls, "rmdir .r3\n"));
	}
	begin();
	dir("/tmp/R/a", 0700);
	file("/tmp/R/a/x");
	hook_at("rmdir", "a", 1, EEXIST);
	all_goes();
	begin();
	dir("/tmp/R/a", 0700);
	hook_at("rmdir", "a", 100, EPERM);
	all_but("/tmp/R/a", "a", EPERM);
	IS(called("rename"), 0);
	begin();
	dir("/tmp/R/.r0", 0700);
	file("/tmp/R/.r0/x");
	hook_at("open", ".r0", 100, EIO);
	all_but("/tmp/R/.r0/x", ".r0", EIO);
	begin();
	dir("/tmp/R/.r0", 0700);
	file("/tmp/R/.r0/x");
	hook_at("rmdir", ".r0", 100, EIO);
	all_but("/tmp/R/.r0", ".r0", EIO);
	begin();
	hook_at("pages", "", 1, ENOMEM);
	IS(removed("/tmp/R"), -ENOMEM);
	TRUE(is_there("/tmp/R/lease"));
	begin();
	hook_at("stat", "", 1, EIO);
	IS(removed("/tmp/R"), -EIO);
	begin();
	hook_at("stat", "/tmp/R", 1, EACCES);
	IS(removed("/tmp/R"), -EACCES);
	begin();
	hook_at("rmdir", "/tmp/R", 1, EBUSY);
	IS(removed("/tmp/R"), -EBUSY);
	begin();
	hook_at("rmdir", "/tmp/R", 1, ENOENT);
	IS(removed("/tmp/R"), 0);
}

static void races(void)
{
	/* It goes on while others write. */
	begin();
	hook_at("rmdir", "/tmp/R", 2, 0);
	hook.before = make_more;
	all_goes();
	begin();
	hook_at("rmdir", "/tmp/R", 100, 0);
	hook.before = make_more;
	IS(removed("/tmp/R"), -ENOTEMPTY);
	IS(called("rmdir /tmp/R"), 3);
	begin();
	dir("/tmp/R/a", 0700);
	file("/tmp/R/a/x");
	hook_at("unlink", "x", 1, 0);
	hook.before = make_more_in;
	all_goes();
	begin();
	dir("/tmp/R/a", 0700);
	file("/tmp/R/a/x");
	file("/tmp/R/a/shy");
	hook.missed = "shy";
	all_goes();
	IS(called("list"), 10);
	begin();
	dir("/tmp/R/.r0", 0700);
	dir("/tmp/R/.r0/a", 0700);
	file("/tmp/R/.r0/a/x");
	hook.missed = ".r0";
	all_goes();
	/* What is not what it was. */
	begin();
	file("/tmp/R/racy");
	hook_at("unlink", "racy", 1, 0);
	hook.before = replace_by_dir;
	all_goes();
	begin();
	dir("/tmp/R/racy", 0700);
	hook_at("rmdir", "racy", 1, 0);
	hook.before = replace_by_link;
	all_goes();
	begin();
	dir("/tmp/R/racy", 0700);
	hook_at("rename", "racy", 1, 0);
	hook.before = replace_by_link;
	all_goes();
	/* Another directory has its name, or nothing has. */
	begin();
	hook_at("stat", "/tmp/R", 1, 0);
	hook.before = replace_by_other;
	IS(removed("/tmp/R"), -ESTALE);
	TRUE(is_there("/tmp/R"));
	begin();
	hook_at("stat", "/tmp/R", 1, 0);
	hook.before = move_away;
	IS(removed("/tmp/R"), -ESTALE);
	TRUE(is_there("/tmp/S"));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "open_files", open_files },
		{ "trees", trees },
		{ "without_room", without_room },
		{ "shut", shut },
		{ "mounts", mounts },
		{ "errors", errors },
		{ "races", races },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
