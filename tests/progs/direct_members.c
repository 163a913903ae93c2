/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is in a session (tools/members.c): by what a procfs says of processes, which is a tree
 * of files here. See direct.h.
 */
#include "../../tools/members.h"
#include "../../tools/procfs.h"
#include "core/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What members.c calls: memory that may be lacking, and what it says. */
static bool lacking;
static char said[256];

static void *some(void *at, size_t n)
{
	return lacking ? NULL : realloc(at, n);
}

static void *zeroed(size_t n, size_t size)
{
	return lacking ? NULL : calloc(n, size);
}

static void tell(const char *path, const char *what, int error, const char *remedy)
{
	(void)what, (void)remedy;
	snprintf(said + strlen(said), sizeof said - strlen(said), "%s:%d ", path, error);
}

#define realloc some
#define calloc zeroed
#define report(path, what, error, remedy) tell(path, what, error, remedy)
#include "../../tools/members.c"
#undef realloc
#undef calloc
#undef report
#include "../../tools/procfs.c"

#include "direct_procfs.h"

#define ID "AAAAAAAAAAAAAAAAAAAAA"
#define NAMED(last) ".privtmp-" ID last

/* -- What members.c asks -- */

static long now, step;

long crew_now(void)
{
	return now += step;
}

const char *remedy_of(int error)
{
	(void)error;
	return NULL;
}

void remedy_lack(const char *what, int error)
{
	tell(what, NULL, error, NULL);
}

bool roots_is_path(const char *path)
{
	return root_path_is(path, strlen(path));
}

/* -- A procfs -- */

static void process(int pid, unsigned uid)
{
	static const char *const dirs[] = { "", "fd", "fdinfo", "ns" };

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
		make_dir(OF(pid, dirs[i]), 0, 0755);
	put(OF(pid, "status"), "Name:\tx\nUid:\t1\t%u\t3\t4\nGid:\t5\t%u\t6\t7\n", uid,
	    uid + 1);
	put(OF(pid, "comm"), "x\n");
	put(OF(pid, "cmdline"), "a%cb\n%c", '\0', '\0');
	make_link("mnt:[1]", OF(pid, "ns/mnt"), 0);
}

static void begin_procfs(void)
{
	mount_procfs();
	*said = '\0';
	lacking = false;
	step = 0;
	memset(fails, 0, sizeof fails);
}

/* All that is found of PID (0: all): "PID:PATH" of a lease, with "m" in front of one that is
   mapped and "l" of one with a lock; "PID@NAME" of mounts. */
static const char *found_of(pid_t pid)
{
	static char text[8192];
	struct seens seens;
	size_t at = 0;

	members_find(pid, 1, &seens);
	*text = '\0';
	for (size_t i = 0; i < seens.n; i++) {
		const struct seen *s = &seens.at[i];

		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s%d%s%s ",
				       s->mapped ? "m" : "", s->locks ? "l" : "",
				       (int)s->pid, s->shown[0] ? "@" : ":",
				       s->shown[0] ? s->shown : s->path);
	}
	snprintf(text + at, sizeof text - at, "%s%s", seens.cut ? "cut" : "",
		 seens.failed ? "failed" : "");
	free(seens.at);
	return text;
}

#define FOUND(pid, wanted) TEXT_IS("found", found_of(pid), wanted)

/* -- One process -- */

static void names_of_leases(void)
{
	static const struct {
		const char *path, *root; /* NULL: no lease */
	} rows[] = {
		{ "/tmp/" NAMED("A") "/lease", "/tmp/" NAMED("A") },
		{ "/tmp/" NAMED("A") "/lease (deleted)", "/tmp/" NAMED("A") },
		{ "/tmp/" NAMED("A") "/lease.123", "/tmp/" NAMED("A") },
		{ "/tmp/" NAMED("A") "/lease. (deleted)", "/tmp/" NAMED("A") },
		{ "/tmp/" NAMED("A") "/lease.x", NULL },
		{ "/tmp/" NAMED("A") "/lease.1x", NULL },
		{ "/tmp/" NAMED("A") "/leases", NULL },
		{ "/tmp/" NAMED("A") "/lease2", NULL },
		{ "/tmp/" NAMED("A") "/other", NULL },
		{ "/tmp/" NAMED("") "/lease", NULL },
		{ NAMED("A") "/lease", NULL },
		{ "/lease", NULL },
		{ "lease", NULL },
		{ "", NULL },
	};
	char path[128];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		strcpy(path, rows[i].path);
		TEXT_IS(rows[i].path, cut_to_root(path) ? path : NULL, rows[i].root);
	}
}

static void lines_of_maps(void)
{
	static const struct {
		const char *line, *name;
		unsigned long device, inode;
	} rows[] = {
		{ "7f00-7f10 rw-s 00000000 fd:01 77   /a b\n", "/a b", 0xfd01, 77 },
		{ "7f00-7f10 rw-s 00000000 00:00 0 \n", NULL, 0, 0 },
		{ "7f00-7f10 rw-s 00000000 00:00 0", NULL, 0, 0 },
		{ "7f00-7f10 rw-s 00000000 00:00 0 [heap]\n", NULL, 0, 0 },
		{ "7f00-7f10 rw-s 00000000 fd:01 x /a\n", NULL, 0, 0 },
		{ "7f00-7f10 rw-s 00000000\n", NULL, 0, 0 },
		{ "", NULL, 0, 0 },
	};
	struct file_id id;
	char line[128];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		id = (struct file_id){ 0, 0 };
		strcpy(line, rows[i].line);
		TEXT_IS(rows[i].line, parse_line(line, &id), rows[i].name);
		IS(id.device, rows[i].device);
		IS(id.inode, rows[i].inode);
	}
}

static void maps(void)
{
	FILE *file;

	begin_procfs();
	process(5, ME);
	put(OF(5, "maps"),
	    "1-2 rw-s 0 1:2 9 /tmp/" NAMED(
		    "A") "/lease\n"
			 "1-2 rw-s 0 1:2 9 /usr/lib/x.so\n"
			 "1-2 rw-s 0 1:2 9 /tmp/" NAMED(
				 "A") "/other\n"
				      "/" NAMED(
					      "A") "/lease\n"
						   "1-2 rw-s 0 1:2 9 /t\n/" NAMED(
							   "B") "/lease\n"
								"1-2 rw-s 0 1:2 9 /x/../" NAMED(
									"C") "/lease\n");
	/* Whose path can be no root's has none. */
	FOUND(5, "m5:/tmp/" NAMED("A") " m5: ");
	/* As many as are looked at. */
	process(6, ME);
	file = fopen(OF(6, "maps"), "w");
	for (int i = 0; i < OF_ONE + 4; i++)
		fprintf(file, "1-2 rw-s 0 1:2 9 /x/../" NAMED("A") "/lease\n");
	fclose(file);
	put(OF(6, "mountinfo"), "1 2 0:3 /" NAMED("A") "/x /tmp rw\n");
	make_link("mnt:[2]", OF(6, "ns/mnt"), 0);
	make_link("/tmp/" NAMED("A") "/lease", OF(6, "fd/4"), 0);
	IS(strlen(found_of(6)), OF_ONE * strlen("m6: "));
	/* One that is gone, and one whose maps are shut. */
	FOUND(99, "");
	process(7, ME);
	FOUND(7, "");
	TEXT_IS("said", said, "");
}

static void open_files(void)
{
	begin_procfs();
	process(5, ME);
	make_link("/tmp/" NAMED("A") "/lease", OF(5, "fd/4"), 0);
	FOUND(5, "5:/tmp/" NAMED("A") " ");
	put(OF(5, "fdinfo/4"), "pos:\t0\nlock:\t1: FLOCK\n");
	FOUND(5, "l5:/tmp/" NAMED("A") " ");
	put(OF(5, "fdinfo/4"), "pos:\t0\nno lock:\n");
	make_link("/tmp/other", OF(5, "fd/5"), 0);
	make_link("/tmp/" NAMED("A") "/other", OF(5, "fd/6"), 0);
	make_file(OF(5, "fd/7"), 0, 0644);
	FOUND(5, "5:/tmp/" NAMED("A") " ");
	for (int i = 10; i < 10 + OF_ONE; i++) {
		char name[16];

		snprintf(name, sizeof name, "fd/%d", i);
		make_link("/x/../" NAMED("A") "/lease", OF(5, name), 0);
	}
	IS(strlen(found_of(5)) >= OF_ONE * strlen("5: "), true);
	IS(strlen(found_of(5)) < 2 * OF_ONE * strlen("5: ") + 64, true);
}

/* Whether a process with that namespace is seen by its mounts. */
static void mounts(void)
{
	static const struct {
		const char *namespace;
		bool apart;
	} rows[] = { { "mnt:[1]", false },
		     { "mnt:[2]", true },
		     { "mnt:[12]", true },
		     { NULL, false } };

	begin_procfs();
	process(5, ME);
	put(OF(5, "mountinfo"),
	    "1 2 0:3 /" NAMED(
		    "A") "/x /tmp rw\n"
			 "1 2 0:3 /" NAMED(
				 "A") "/x /var/tmp rw\n"
				      "1 2 0:3 / /mnt/" NAMED(
					      "B") " rw\n"
						   "1 2 0:3 /" NAMED(
							   "") " /mnt rw\n"
							       "1 2 0:3 /" NAMED(
								       "-") " /mnt rw\n"
									    "1 2 /" NAMED(
										    "B") "\n"
											 "1 2 0:3 /x/" NAMED(
												 "C") "/secret/tmp /mnt rw\n");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unlink(OF(5, "ns/mnt"));
		if (rows[i].namespace)
			make_link(rows[i].namespace, OF(5, "ns/mnt"), 0);
		FOUND(5, rows[i].apart ? "5@" NAMED("A") " 5@" NAMED("C") " " : "");
	}
	/* Where one's own is not known, nobody is apart. */
	make_link("mnt:[2]", OF(5, "ns/mnt"), 0);
	unlink("/proc/self/ns/mnt");
	FOUND(5, "");
}

static void helpers(void)
{
	struct seens seens;

	begin_procfs();
	process(5, ME);
	make_link("/tmp/" NAMED("A") "/lease", OF(5, "fd/4"), 0);
	make_dir("/tmp/root", 0, 0755);
	make_link("/tmp/root", OF(5, "fd/3"), 0);
	for (int i = 0; i < 4; i++) {
		static const char *const names[] = { "x", HELPER_COMM, KEEPER_NAME,
						     HELPER_COMM };

		put(OF(5, "comm"), "%s\n", names[i]);
		if (i == 3)
			unlink(OF(5, "fd/3"));
		members_find(5, 1, &seens);
		IS(seens.n, 1);
		IS(seens.at[0].root.inode != 0, i == 1 || i == 2);
		IS(seens.at[0].mounts, i == 2);
		TEXT_IS("command", seens.at[0].command, "a b?");
		free(seens.at);
	}
}

/* -- All -- */

static void lease_of(int pid, unsigned uid, const char *last)
{
	char path[64];

	process(pid, uid);
	snprintf(path, sizeof path, "/tmp/.privtmp-" ID "%s/lease", last);
	make_link(path, OF(pid, "fd/4"), 0);
}

static void own_alone(void)
{
	become(ME);
	FOUND(0, "7:/tmp/" NAMED("B") " 9:/tmp/" NAMED("A") " ");
	FOUND(3, "");
}

static void of_all(void)
{
	begin_procfs();
	lease_of(9, ME, "A");
	lease_of(3, OTHER, "A");
	lease_of(7, ME, "B");
	make_dir("/proc/11", 0, 0755);
	make_dir("/proc/fs", 0, 0755);
	/* By users, and by numbers, in whatever order they are there. */
	FOUND(0, "7:/tmp/" NAMED("B") " 9:/tmp/" NAMED("A") " 3:/tmp/" NAMED("A") " ");
	lease_of(8, ME, "C");
	lease_of(4, OTHER, "C");
	lease_of(2, ME, "D");
	FOUND(0,
	      "2:/tmp/" NAMED("D") " 7:/tmp/" NAMED("B") " 8:/tmp/" NAMED("C") " 9:/tmp/" NAMED(
		      "A") " 3:/tmp/" NAMED("A") " 4:/tmp/" NAMED("C") " ");
	MUST(unlink(OF(2, "status")) == 0 && unlink(OF(4, "status")) == 0);
	MUST(unlink(OF(8, "status")) == 0);
	in_child(own_alone);
	/* Where there was no time, or not for all of one. */
	fails[0].uid = ME;
	fails[0].outcome = CREW_CUT;
	FOUND(0, "3:/tmp/" NAMED("A") " cut");
	fails[0].outcome = CREW_FAILED;
	FOUND(0, "3:/tmp/" NAMED("A") " cut");
	TEXT_IS("said", said, "");
	fails[0].error = EAGAIN;
	FOUND(0, "3:/tmp/" NAMED("A") " failed");
	TEXT_IS("said", said, "members:11 ");
	*said = '\0';
	fails[1].uid = OTHER;
	fails[1].outcome = CREW_FAILED;
	fails[1].error = EIO;
	FOUND(0, "failed");
	TEXT_IS("once", said, "members:11 ");
	memset(fails, 0, sizeof fails);
	step = LONGEST + 1;
	IS(strstr(found_of(0), "cut") != NULL, true);
	step = 0;
	/* Without memory it is said that not all are there. */
	*said = '\0';
	lacking = true;
	FOUND(0, "");
	TRUE(strstr(said, "members:12 "));
	lacking = false;
	/* Nor where one can be opened, and not read. */
	*said = '\0';
	process(7, ME);
	make_dir(OF(7, "maps"), 0, 0755);
	FALSE(members_name("/x", ME));
	TRUE(strstr(said, "members:21 "));
}

static void sought_roots(void)
{
	begin_procfs();
	lease_of(9, ME, "A");
	process(8, ME);
	make_link("mnt:[2]", OF(8, "ns/mnt"), 0);
	put(OF(8, "mountinfo"), "1 2 0:3 /" NAMED("B") "/x /tmp rw\n");
	lease_of(7, ME, "C");
	put(OF(7, "comm"), HELPER_COMM "\n");
	make_link("/tmp", OF(7, "fd/3"), 0);
	lease_of(getpid(), ME, "D");
	TRUE(members_name("/tmp/" NAMED("A"), ME));
	FALSE(members_name("/tmp/" NAMED("A"), OTHER));
	FALSE(members_name("/var/tmp/" NAMED("A"), ME));
	TRUE(members_name("/tmp/" NAMED("B"), ME));
	FALSE(members_name("/tmp/" NAMED("E"), ME));
	TRUE(members_name("/tmp/" NAMED("C"), ME));
	TRUE(members_name("/tmp/" NAMED("D"), ME));
	/* Helpers, and this process, are no others. */
	TRUE(members_other("/tmp/" NAMED("A"), ME));
	TRUE(members_other("/tmp/" NAMED("B"), ME));
	FALSE(members_other("/tmp/" NAMED("C"), ME));
	FALSE(members_other("/tmp/" NAMED("D"), ME));
}

static void refused(void)
{
	become(ME);
	/* Who cannot be looked at may be in any. */
	FOUND(0, "failed");
	TEXT_IS("refused", said, "/proc:0 /proc:13 ");
	TRUE(members_name("/tmp/" NAMED("A"), ME));
}

static void without_procfs(void)
{
	make_dir("/tmp/empty", 0, 0755);
	MUST(chroot("/tmp/empty") == 0 && chdir("/") == 0);
	FOUND(0, "");
	FOUND(0, "");
	TEXT_IS("once", said, "/proc:0 ");
	FALSE(members_name("/tmp/" NAMED("A"), ME));
}

static void shut(void)
{
	begin_procfs();
	in_child(without_procfs);
	MUST(chmod("/proc", 0700) == 0);
	in_child(refused);
}

static void ids_of_maps(void)
{
	const int fd = open("/tmp/mapped", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct file_id id;
	struct statx st;

	MUST(fd >= 0 && ftruncate(fd, 10) == 0);
	MUST(SYS5(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_INO, &st) == 0);
	id = members_map_id(fd);
	TRUE(file_same(id, file_id_of(&st)));
	IS(members_map_id(-1).inode, 0);
	close(fd);
}

static void ids_without_procfs(void)
{
	const int fd = open("/tmp/mapped", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	begin_procfs();
	MUST(fd >= 0 && ftruncate(fd, 10) == 0);
	IS(members_map_id(fd).inode, 0);
	put("/proc/self/maps", "00000001-00000002 rw-s 0 1:2 9 /tmp/mapped\n");
	IS(members_map_id(fd).inode, 0);
	close(fd);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "ids_of_maps", ids_of_maps },
		{ "names_of_leases", names_of_leases },
		{ "lines_of_maps", lines_of_maps },
		{ "maps", maps },
		{ "open_files", open_files },
		{ "mounts", mounts },
		{ "helpers", helpers },
		{ "of_all", of_all },
		{ "sought", sought_roots },
		{ "shut", shut },
		{ "ids_without_procfs", ids_without_procfs },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
