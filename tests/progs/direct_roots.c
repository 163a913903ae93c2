/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where list, enter and sweep find sessions (tools/roots.c): names in directories of all
 * kinds, many of them, and many users'. See direct.h.
 */
#include "../../tools/roots.c"

#include "session/trust.h"

#include "direct.h"

#define ID "AAAAAAAAAAAAAAAAAAAAA"
#define NAMED(last) ".privtmp-" ID last

/* -- What roots.c asks -- */

static long now, step;
static char told[256];

long crew_now(void)
{
	return now += step;
}

gid_t crew_group(uid_t uid, gid_t gid)
{
	(void)uid;
	return gid + 1;
}

const char *remedy_of(int error)
{
	(void)error;
	return NULL;
}

void remedy_lack(const char *what, int error)
{
	(void)what;
	(void)error;
}

void show_report(const char *path, const char *what, int error, const char *remedy)
{
	(void)what, (void)remedy;
	snprintf(told + strlen(told), sizeof told - strlen(told), "%s:%d ", path, error);
}

static void forget(struct roots *roots)
{
	free(roots->at);
	free(roots->shares);
}

/* -- Names -- */

static void paths(void)
{
	static char longest[POLICY_ROOT_MAX + 2];
	static const struct {
		const char *path;
		bool is;
	} rows[] = {
		{ "/tmp/" NAMED("A"), true },	    { "/" NAMED("A"), true },
		{ "tmp/" NAMED("A"), false },	    { "/tmp/" NAMED(""), false },
		{ "/tmp/" NAMED("A") "x", false },  { "/tmp/../" NAMED("A"), false },
		{ "/t\n/" NAMED("A"), false },	    { "/t\x7f/" NAMED("A"), false },
		{ "/t\xc3\xa9/" NAMED("A"), true }, { "", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		IS(roots_is_path(rows[i].path), rows[i].is);
	/* As long as may be, and longer. */
	for (int more = 0; more < 2; more++) {
		const size_t dir = POLICY_ROOT_MAX + (size_t)more - sizeof NAMED("A");

		memset(longest, 'x', sizeof longest);
		longest[0] = '/';
		strcpy(longest + dir, "/" NAMED("A"));
		IS(strlen(longest), POLICY_ROOT_MAX + more);
		IS(roots_is_path(longest), !more);
	}
}

static void hints(void)
{
	struct roots roots = { .n = 0 };

	roots_hint(&roots, "/tmp/" NAMED("A"), 1, 2);
	roots_hint(&roots, "/tmp/" NAMED("A"), 1, 2);
	roots_hint(&roots, "/tmp/" NAMED("A"), 3, 2);
	roots_hint(&roots, "/tmp/" NAMED("B"), 1, 2);
	roots_hint(&roots, "/tmp/no", 1, 2);
	IS(roots.n, 3);
	TRUE(roots.at[0].hinted);
	IS(roots.at[1].owner, 3);
	IS(roots.at[2].group, 2);
	FALSE(roots.cut);
	forget(&roots);
}

/* -- Many -- */

static void of_one_user(void)
{
	struct roots roots = { .n = 0 };
	char path[64];

	for (int i = 0; i < ROOTS_EACH + 3; i++) {
		snprintf(path, sizeof path, "/tmp/.privtmp-%022d", i);
		roots_hint(&roots, path, 7, 7);
		IS(roots.cut, i >= ROOTS_EACH);
	}
	IS(roots.n, ROOTS_EACH);
	/* Another one has room. */
	roots_hint(&roots, path, 8, 8);
	IS(roots.n, ROOTS_EACH + 1);
	forget(&roots);
}

static void of_many_users(void)
{
	struct roots roots = { .n = 0 };
	char path[64];

	for (unsigned i = 0; i < ROOTS_OWNERS; i++)
		roots_hint(&roots, "/tmp/" NAMED("A"), 100000 + i, 1);
	FALSE(roots.cut);
	/* A user with a higher number has none of it; one with a lower takes the last one's. */
	roots_hint(&roots, "/tmp/" NAMED("A"), 900000, 1);
	TRUE(roots.cut);
	IS(roots.n, ROOTS_OWNERS);
	roots_hint(&roots, "/tmp/" NAMED("A"), 500, 1);
	roots_hint(&roots, "/tmp/" NAMED("B"), 500, 1);
	IS(roots.n, ROOTS_OWNERS + 2);
	IS(roots.owners, ROOTS_OWNERS);
	/* Of which it has as many as any other. */
	for (int i = 2; i < ROOTS_EACH + 2; i++) {
		snprintf(path, sizeof path, "/tmp/.privtmp-%022d", i);
		roots_hint(&roots, path, 500, 1);
	}
	IS(roots.n, ROOTS_OWNERS + ROOTS_EACH);
	roots_sort(&roots);
	IS(roots.n, ROOTS_OWNERS - 1 + ROOTS_EACH);
	IS(roots.at[0].owner, 500);
	TEXT_IS("sorted", roots.at[ROOTS_EACH - 1].path, "/tmp/" NAMED("B"));
	IS(roots.at[roots.n - 1].owner, 100000 + ROOTS_OWNERS - 2);
	forget(&roots);
	roots = (struct roots){ .n = 0 };
	roots_sort(&roots);
	IS(roots.n, 0);
}

/* -- Directories -- */

/* What is found in these, and told of them. */
static void find_in(const char *const *dirs, struct roots *roots)
{
	static struct looking l;

	memset(roots, 0, sizeof *roots);
	l = (struct looking){ .roots = roots, .end = now + LONGEST };
	*told = '\0';
	for (; *dirs; dirs++)
		look_into(&l, *dirs);
}

static void directories(void)
{
	static const char *const dirs[] = { "/tmp",	 "/tmp/none", "/tmp/file",
					    "/tmp/loop", "/tmp",      "/run/user/1",
					    NULL };
	struct roots roots;

	make_dir("/tmp/" NAMED("A"), ME, 0700);
	make_dir("/tmp/" NAMED("B"), OTHER, 0700);
	MUST(mount("own", "/tmp/" NAMED("B"), "tmpfs", 0, NULL) == 0);
	make_file("/tmp/" NAMED("C"), ME, 0600);
	make_link(NAMED("A"), "/tmp/" NAMED("D"), ME);
	make_dir("/tmp/" NAMED(""), ME, 0700);
	make_file("/tmp/file", 0, 0644);
	make_link("loop", "/tmp/loop", 0);
	find_in(dirs, &roots);
	/* A directory of that name, that no other file system is mounted on. */
	IS(roots.n, 1);
	TEXT_IS("root", roots.at[0].path, "/tmp/" NAMED("A"));
	IS(roots.at[0].owner, ME);
	IS(roots.at[0].group, ME);
	FALSE(roots.at[0].hinted);
	TEXT_IS("absent", told, "");
	forget(&roots);
	umount2("/tmp/" NAMED("B"), MNT_DETACH);
}

/* In all places that sessions are made in: the usual ones, and those of the settings. */
static void all_places(void)
{
	static const struct settings settings = { .root = "/tmp/place" };
	struct roots roots;
	char path[64];

	make_dir("/tmp/place", 0, 01777);
	make_dir("/tmp/place/" NAMED("A"), ME, 0700);
	make_dir("/tmp/" NAMED("B"), ME, 0700);
	make_dir("/var/tmp/" NAMED("C"), OTHER, 0700);
	/* There is time for many names. */
	for (int i = 0; i < OFTEN; i++) {
		snprintf(path, sizeof path, "/tmp/place/%d", i);
		make_file(path, 0, 0600);
	}
	step = 1;
	roots_find(&settings, &roots);
	step = 0;
	roots_sort(&roots);
	FALSE(roots.cut);
	IS(roots.error, 0);
	IS(roots.n, 3);
	for (size_t i = 0; i < roots.n && i < 3; i++) {
		static const char *const paths[] = { "/tmp/" NAMED("B"),
						     "/tmp/place/" NAMED("A"),
						     "/var/tmp/" NAMED("C") };

		TEXT_IS("place", roots.at[i].path, paths[i]);
	}
	forget(&roots);
}

static void lengths(void)
{
	static char dir[POLICY_ROOT_MAX + 2];
	const char *const dirs[] = { dir, NULL };
	struct roots roots;

	/* So long that a root's path is as long as may be, and longer. */
	for (int more = 0; more < 2; more++) {
		char path[2 * POLICY_ROOT_MAX];
		const size_t len = POLICY_ROOT_MAX + (size_t)more - sizeof NAMED("A");

		strcpy(dir, "/tmp");
		while (strlen(dir) < len) {
			const size_t at = strlen(dir), left = len - at - 1;

			dir[at] = '/';
			memset(dir + at + 1, 'x', left);
			dir[at + 1 + (left > 202 ? 200 : left)] = '\0';
			make_dir(dir, 0, 0755);
		}
		snprintf(path, sizeof path, "%s/" NAMED("A"), dir);
		make_dir(path, ME, 0700);
		find_in(dirs, &roots);
		IS(roots.n, !more);
		forget(&roots);
	}
}

static void counted(void *arg, const char *path)
{
	(void)path;
	++*(int *)arg;
}

static void each(void)
{
	static char dir[POLICY_ROOT_MAX + 2];
	int n = 0;

	make_dir("/tmp/" NAMED("A"), ME, 0700);
	make_file("/tmp/" NAMED("B"), ME, 0700);
	make_dir("/tmp/other", ME, 0700);
	IS(roots_each("/tmp", counted, &n), 0);
	IS(n, 2);
	IS(roots_each("/tmp/none", counted, &n), 0);
	IS(roots_each("/tmp/" NAMED("B"), counted, &n), 0);
	IS(n, 2);
	memset(dir, 'x', sizeof dir - 1);
	IS(roots_each(dir, counted, &n), -ENAMETOOLONG);
	/* It can be read, and what is in it can have no path. */
	memset(dir, '/', sizeof dir - 10);
	memcpy(dir, "/tmp", 4);
	dir[sizeof dir - 10] = '\0';
	IS(roots_each(dir, counted, &n), 0);
	IS(n, 2);
}

static void refused(void)
{
	static const char *const shut[] = { "/tmp/shut", NULL };
	struct roots roots = { .n = 0 };

	become(ME);
	find_in(shut, &roots);
	/* It has nothing of this user's. */
	IS(roots.error, 0);
	TEXT_IS("shut", told, "");
	IS(roots_each("/tmp/shut", (void (*)(void *, const char *))0, NULL), 0);
}

static void errors(void)
{
	struct roots roots = { .n = 0 };

	make_dir("/tmp/shut", 0, 0700);
	in_child(refused);
	*told = '\0';
	/* Each error once: for root, who is refused seldom, too. */
	heed(&roots, "/a", EACCES);
	heed(&roots, "/b", EACCES);
	heed(&roots, "/c", EIO);
	heed(&roots, "/d", ENOENT);
	TEXT_IS("told", told, "/a:13 /c:5 ");
}

static void time_and_number(void)
{
	static const char *const one[] = { "/tmp/many", NULL };
	static char names[80][32];
	const char *dirs[81];
	struct roots roots;
	char path[64];

	make_dir("/tmp/many", 0, 0755);
	for (int i = 0; i < OFTEN + 10; i++) {
		snprintf(path, sizeof path, "/tmp/many/%d", i);
		make_file(path, 0, 0600);
	}
	step = 0;
	find_in(one, &roots);
	FALSE(roots.cut);
	step = LONGEST + 1;
	find_in(one, &roots);
	TRUE(roots.cut);
	step = 0;
	/* Of more directories than are looked into, it is told that there are more. */
	for (int i = 0; i < 80; i++) {
		snprintf(names[i], sizeof *names, "/tmp/d%d", i);
		make_dir(names[i], 0, 0755);
		snprintf(path, sizeof path, "/tmp/d%d/" NAMED("A"), i);
		make_dir(path, ME, 0700);
		dirs[i] = names[i];
	}
	dirs[64] = NULL;
	find_in(dirs, &roots);
	IS(roots.n, 64);
	FALSE(roots.cut);
	forget(&roots);
	dirs[64] = names[64];
	dirs[80] = NULL;
	find_in(dirs, &roots);
	IS(roots.n, 64);
	TRUE(roots.cut);
	forget(&roots);
}

/* -- Each user's own directory -- */

static char users[256];

static void note_user(void *arg, uid_t uid, gid_t gid)
{
	(void)arg;
	snprintf(users + strlen(users), sizeof users - strlen(users), "%u:%u ", uid, gid);
}

static void own_alone(void)
{
	struct roots roots = { .n = 0 };
	char wanted[32];

	become(ME);
	roots_each_run(&roots, note_user, NULL);
	snprintf(wanted, sizeof wanted, "%d:%d ", ME, ME + 1);
	TEXT_IS("own", users, wanted);
}

static void directories_of_users(void)
{
	static const char *const names[] = {
		"user/1000", "user/x",	   "user/12x",
		"user/",     "user/61234", "user/4294967295"
	};
	struct roots roots = { .n = 0 };
	char path[64];

	MUST(mount("run", "/run", "tmpfs", 0, "mode=755") == 0);
	*told = '\0';
	roots_each_run(&roots, note_user, NULL);
	TEXT_IS("none", users, "");
	TEXT_IS("none", told, "");
	make_dir("/run/user", 0, 0755);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "/run/%s", names[i]);
		make_dir(path, 0, 0755);
	}
	roots_each_run(&roots, note_user, NULL);
	IS(strlen(users), strlen("1000:1001 61234:61235 "));
	TRUE(strstr(users, "1000:1001 "));
	TRUE(strstr(users, "61234:61235 "));
	*users = '\0';
	in_child(own_alone);
	MUST(umount2("/run", MNT_DETACH) == 0);
}

/* Mounts, by what the kernel says, and as before Linux 5.8, which does not say it. */
static void mounts(void)
{
	struct statx st;

	make_dir("/tmp/root", 0, 0700);
	for (int older = 0; older < 2; older++) {
		MUST(sys_look(AT_FDCWD, "/tmp/root", &st) == 0);
		if (older)
			st.stx_attributes_mask = 0;
		IS(owner_mounted("/tmp/root", &st), 0);
		IS(trust_unmounted("/tmp/root", &st), 0);
		IS(owner_is_said_at("/tmp/root", &st), 0);
		MUST(sys_look(AT_FDCWD, "/proc", &st) == 0);
		if (older)
			st.stx_attributes_mask = 0;
		IS(owner_mounted("/proc", &st), 1);
		IS(trust_unmounted("/proc", &st), -EPERM);
		/* Nobody else makes names in "/". */
		IS(owner_is_said_at("/proc", &st), 0);
		IS(trust_open_root("/proc", 0, &st), -EPERM);
	}
	st.stx_attributes_mask = 0;
	IS(owner_mounted("/none/proc", &st), -ENOENT);
	IS(owner_is_said_at("/none/proc", &st), 1);
}

static void ways(void)
{
	make_dir("/tmp/theirs", OTHER, 0755);
	make_dir("/tmp/theirs/x", OTHER, 0755);
	make_link("/proc", "/tmp/theirs/link", OTHER);
	FALSE(owner_leads_away("/tmp/theirs/x/y"));
	MUST(mount("none", "/tmp/theirs/x", "tmpfs", 0, NULL) == 0);
	TRUE(owner_leads_away("/tmp/theirs/x/y"));
	TRUE(owner_leads_away("/tmp/theirs/x"));
	FALSE(owner_leads_away("/tmp/theirs"));
	TRUE(owner_leads_away("/tmp/theirs/link/1"));
	FALSE(owner_leads_away("/tmp/theirs/link"));
	FALSE(owner_leads_away("/proc/1"));
	FALSE(owner_leads_away("/tmp/none/x"));
	MUST(umount2("/tmp/theirs/x", MNT_DETACH) == 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "paths", paths },
		{ "hints", hints },
		{ "of_one_user", of_one_user },
		{ "of_many_users", of_many_users },
		{ "directories", directories },
		{ "all_places", all_places },
		{ "lengths", lengths },
		{ "each", each },
		{ "errors", errors },
		{ "time_and_number", time_and_number },
		{ "directories_of_users", directories_of_users },
		{ "mounts", mounts },
		{ "ways", ways },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
