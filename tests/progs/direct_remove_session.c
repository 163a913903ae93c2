/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which roots and backings are removed with a session (session/remove.c): see direct.h. */
#include "direct_remove.h"

#define A22 "AAAAAAAAAAAAAAAAAAAAAA"
#define B22 "BBBBBBBBBBBBBBBBBBBBBB"
#define C22 "CCCCCCCCCCCCCCCCCCCCCC"
#define ROOT "/tmp/.privtmp-" A22
#define PART_ROOT "/var/tmp/.privtmp-" B22
#define SECRET1 "/aaaaaaaaaaa"
#define SECRET2 "/bbbbbbbbbbb"

static struct lease lease;

/* A session with these further guards, and how its further root is. */
static void make_session(const char *guards)
{
	const struct lease_part part = { PART_ROOT, ROOT };
	int fd;

	clear();
	reset();
	memset(&remains, 0, sizeof remains);
	make_canary();
	lease.len = (size_t)snprintf(lease.text, sizeof lease.text,
				     "privtmp 2\nguard " ROOT SECRET1 "\t/tmp\n"
				     "guard " PART_ROOT SECRET2 "\t/var/tmp\n"
				     "%ssession " ROOT "\n",
				     guards);
	MUST(lease_parse(&lease) == 0);
	dir(ROOT, 0700);
	dir(ROOT SECRET1, 0711);
	dir(ROOT SECRET1 "/tmp", 01777);
	file(ROOT "/hints");
	fd = open(ROOT "/lease", O_CREAT | O_WRONLY, 0444);
	MUST(write(fd, lease.text, lease.len) == (ssize_t)lease.len);
	close(fd);
	dir(PART_ROOT, 0700);
	dir(PART_ROOT SECRET2, 0711);
	dir(PART_ROOT SECRET2 "/var", 0711);
	dir(PART_ROOT SECRET2 "/var/tmp", 01777);
	fd = open_high(PART_ROOT);
	MUST(lease_write_part(fd, &part) == 0);
	close(fd);
}

static int ended(struct remains *to)
{
	const int before = descriptors(), fd = open_high(ROOT);
	int ret;

	MUST(fd >= 0);
	ret = remove_session(&lease, fd, to);
	close(fd);
	IS(descriptors(), before);
	TRUE(is_there("/var/tmp/canary/file"));
	/* First of all nobody can join any more. */
	IS(strncmp(calls, "stat \nunlink lease\n", 19), 0);
	FALSE(is_there(ROOT "/lease"));
	return ret;
}

static bool is_old(const char *path)
{
	struct stat st;

	MUST(lstat(path, &st) == 0);
	return st.st_mtime == 0 && st.st_atime == 0;
}

static void all_ended(void)
{
	IS(ended(&remains), 0);
	IS(remains.count, 0);
	FALSE(is_there(ROOT));
	FALSE(is_there(PART_ROOT));
}

static void sessions(void)
{
	make_session("");
	all_ended();
	/* Nothing was read, or moved, that need not be. */
	IS(called("rename"), 0);
	IS(called("rmdir aaaaaaaaaaa/tmp"), 1);
	IS(called("rmdir aaaaaaaaaaa\n"), 1);
	IS(called("rmdir bbbbbbbbbbb/var\n"), 1);
	make_session("");
	file(ROOT SECRET1 "/tmp/x");
	dir(ROOT SECRET1 "/tmp/d", 0700);
	file(PART_ROOT SECRET2 "/var/tmp/x");
	file(ROOT "/failed");
	all_ended();
	/* They were moved away at once. */
	IS(called("rename aaaaaaaaaaa/tmp"), 1);
	IS(called("rename bbbbbbbbbbb/var/tmp"), 1);
	make_session("");
	IS(ended(&remains), 0);
	FALSE(is_there(ROOT));
	/* Two in one root, with something in each; two in the further one. */
	make_session("guard " ROOT SECRET1 "\t/srv/a\nguard " ROOT SECRET1 "\t/srv/b\n");
	dir(ROOT SECRET1 "/srv", 0711);
	dir(ROOT SECRET1 "/srv/a", 01777);
	dir(ROOT SECRET1 "/srv/b", 01777);
	file(ROOT SECRET1 "/tmp/x");
	file(ROOT SECRET1 "/srv/a/x");
	file(ROOT SECRET1 "/srv/b/x");
	all_ended();
	TRUE(strstr(calls, "rmdir .r0\n") && strstr(calls, "rmdir .r2\n") &&
	     strstr(calls, "rmdir .r3\n"));
	IS(opened_roots, 1);
	make_session("guard " PART_ROOT SECRET2 "\t/srv/a\n");
	all_ended();
	IS(opened_roots, 1);
	make_session("guard /srv/.privtmp-" C22 SECRET2 "\t/srv/a\n");
	all_ended();
	IS(opened_roots, 2);
	/* The same length, and another name. */
	make_session("guard /var/tmp/.privtmp-" C22 SECRET2 "\t/srv/a\n");
	all_ended();
	IS(opened_roots, 2);
}

/* The root whose further root is not what it should be. */
static void parts(void)
{
	struct lease_part other = { PART_ROOT, "/tmp/.privtmp-" C22 };
	int fd;

	/* Of others, whatever it is. */
	make_session("");
	file(PART_ROOT SECRET2 "/var/tmp/x");
	MUST(chown(PART_ROOT, OTHER, OTHER) == 0);
	IS(ended(&remains), 0);
	FALSE(is_there(ROOT));
	TRUE(is_there(PART_ROOT SECRET2 "/var/tmp/x") && is_there(PART_ROOT "/lease"));
	make_session("");
	MUST(rename(PART_ROOT, "/var/tmp/real") == 0);
	make_link("real", PART_ROOT, 0);
	IS(ended(&remains), 0);
	TRUE(is_there(PART_ROOT "/lease") && is_there("/var/tmp/real/lease"));
	make_session("");
	MUST(rename(PART_ROOT, "/var/tmp/real") == 0);
	make_file(PART_ROOT, 0, 0600);
	IS(ended(&remains), 0);
	TRUE(is_there(PART_ROOT));
	make_session("");
	MUST(rename(PART_ROOT, "/var/tmp/real") == 0);
	IS(ended(&remains), 0);
	/* Of another session, or of another root. */
	for (int i = 0; i < 4; i++) {
		make_session("");
		unlink(PART_ROOT "/lease");
		fd = open_high(PART_ROOT);
		if (i == 1)
			other = (struct lease_part){ "/var/tmp/.privtmp-" C22, ROOT };
		if (i == 2)
			other = (struct lease_part){ PART_ROOT, ROOT "A" };
		if (i < 3)
			MUST(lease_write_part(fd, &other) == 0);
		close(fd);
		file(PART_ROOT SECRET2 "/var/tmp/x");
		file(PART_ROOT "/lease.123");
		file(PART_ROOT "/leases");
		file(PART_ROOT "/leasf.123");
		IS(ended(&remains), -ENOTEMPTY);
		FALSE(is_there(ROOT));
		TRUE(is_there(PART_ROOT SECRET2 "/var/tmp/x"));
		TRUE(is_there(PART_ROOT "/leases") && is_there(PART_ROOT "/leasf.123"));
		IS(is_there(PART_ROOT "/lease"), i < 3);
		FALSE(is_there(PART_ROOT "/lease.123"));
	}
	/* Its maker has died: there is nothing else in it. */
	clear();
	make_session("");
	MUST(rename(PART_ROOT, "/var/tmp/real") == 0);
	dir(PART_ROOT, 0700);
	file(PART_ROOT "/lease.1");
	file(PART_ROOT "/lease.2");
	all_ended();
	make_session("");
	MUST(rename(PART_ROOT, "/var/tmp/real") == 0);
	dir(PART_ROOT, 0700);
	all_ended();
}

/* Where there is no permission, what others have is theirs, and one's own is told. */
static void parts_of_me(void)
{
	become(ME);
	IS(ended(&remains), 0);
	TRUE(is_there(PART_ROOT));
}

static void my_own_part(void)
{
	become(ME);
	IS(ended(&remains), -EACCES);
	TRUE(is_there(PART_ROOT));
	FALSE(is_there(ROOT));
}

static void parts_shut(void)
{
	owner = ME;
	make_session("");
	MUST(chown(PART_ROOT, OTHER, OTHER) == 0 && chmod(PART_ROOT, 0) == 0);
	in_child(parts_of_me);
	make_session("");
	MUST(chmod(PART_ROOT, 0) == 0);
	in_child(my_own_part);
	owner = 0;
}

static void remaining(void)
{
	/* In the root. */
	make_session("");
	mount_at(ROOT SECRET1 "/tmp/mount");
	IS(ended(&remains), -EBUSY);
	IS(remains.count, 1);
	IS(strcmp(remains.name, "mount"), 0);
	TRUE(is_old(ROOT));
	FALSE(is_there(PART_ROOT));
	/* In the further one. */
	make_session("");
	mount_at(PART_ROOT SECRET2 "/var/tmp/mount");
	IS(ended(&remains), -EBUSY);
	IS(remains.count, 1);
	TRUE(is_old(PART_ROOT));
	FALSE(is_there(ROOT));
	TRUE(is_there(PART_ROOT "/lease"));
	/* In both, and the first counts. */
	make_session("");
	mount_at(PART_ROOT SECRET2 "/var/tmp/mount");
	file(ROOT "/stuck");
	hook_at("unlink", "stuck", 100, EIO);
	IS(ended(&remains), -EBUSY);
	IS(remains.count, 2);
	TRUE(is_old(ROOT));
	make_session("");
	file(ROOT "/stuck");
	hook_at("unlink", "stuck", 100, EIO);
	IS(ended(&remains), -EIO);
	make_session("");
	mount_at(PART_ROOT SECRET2 "/var/tmp/mount");
	hook_at("rmdir", ROOT, 100, EPERM);
	IS(ended(&remains), -EBUSY);
	/* A third one is removed all the same. */
	make_session("guard /var/tmp/.privtmp-" C22 SECRET2 "\t/srv/a\n");
	mount_at(PART_ROOT SECRET2 "/var/tmp/mount");
	make_dir("/var/tmp/.privtmp-" C22, 0, 0700);
	IS(ended(&remains), -EBUSY);
	FALSE(is_there("/var/tmp/.privtmp-" C22));
	/* The root, without its own name. */
	make_session("");
	hook_at("rmdir", ROOT, 1, EEXIST);
	all_ended();
	make_session("");
	hook_at("rmdir", ROOT, 100, EPERM);
	IS(ended(&remains), -EPERM);
	TRUE(is_old(ROOT));
	make_session("");
	hook_at("stat", "", 1, EIO);
	const int fd = open_high(ROOT);
	IS(remove_session(&lease, fd, &remains), -EIO);
	close(fd);
	TRUE(is_there(ROOT "/lease"));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "sessions", sessions },
		{ "parts", parts },
		{ "parts_shut", parts_shut },
		{ "remaining", remaining },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
