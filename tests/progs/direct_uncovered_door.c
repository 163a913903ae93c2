/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a program that the shim cannot be loaded into is executed by privtmp-door
 * (wrap/uncovered.c): by what name, with which words, or why not. See direct.h.
 */
#include "direct_uncovered.h"

static char preload[] = "LD_PRELOAD=/opt/libprivtmp.so";
static char *environment[] = { NULL, NULL };

/* -- What the door is given -- */

static void door_names(void)
{
	static char longest[NAME_ROOM + 1];
	char room[NAME_ROOM], link[64], deep[1024] = "/tmp";
	struct target target = { AT_FDCWD, "x", 0, "x", "/there" };
	int fd;

	begin();
	TEXT_IS("there", name_for_door(&target, room), "/there");
	target.there = NULL;
	TEXT_IS("here", name_for_door(&target, room), "x");
	make_dir("/tmp/d", 0, 0755);
	fd = open_high("/tmp/d");
	target.dirfd = fd;
	target.path = "/tmp/x";
	TEXT_IS("absolute", name_for_door(&target, room), "/tmp/x");
	/* The door does not have what is closed then: so by name. */
	target.path = "x";
	TEXT_IS("by name", name_for_door(&target, room), "/tmp/d/x");
	target.path = "";
	TEXT_IS("itself", name_for_door(&target, room), "/tmp/d");
	MUST(fcntl(fd, F_SETFD, 0) == 0);
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	TEXT_IS("inherited", name_for_door(&target, room), link);
	target.path = "x";
	snprintf(link, sizeof link, "/proc/self/fd/%d/x", fd);
	TEXT_IS("in inherited", name_for_door(&target, room), link);
	memset(longest, 'x', NAME_ROOM - strlen(link)); /* with the "/x" and the NUL */
	target.path = longest;
	FALSE(!name_for_door(&target, room));
	IS(strlen(room), NAME_ROOM - 1);
	longest[strlen(longest)] = 'x';
	TEXT_IS("too long", name_for_door(&target, room), NULL);
	/* Under the name of the directory is another one by now, or none. */
	target.path = "x";
	MUST(fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
	MUST(rename("/tmp/d", "/tmp/moved") == 0);
	TEXT_IS("moved", name_for_door(&target, room), "/tmp/moved/x");
	MUST(rmdir("/tmp/moved") == 0);
	TEXT_IS("removed", name_for_door(&target, room), NULL);
	make_dir("/tmp/moved (deleted)", 0, 0755);
	TEXT_IS("another", name_for_door(&target, room), NULL);
	close(fd);
	TEXT_IS("closed", name_for_door(&target, room), NULL);
	/* A name that is too long. */
	for (int i = 0; i < 3; i++) {
		size_t n = strlen(deep);

		deep[n++] = '/';
		memset(deep + n, 'd', 200);
		deep[n + 200] = '\0';
		make_dir(deep, 0, 0755);
	}
	target.dirfd = open_high(deep);
	TEXT_IS("deep", name_for_door(&target, room), NULL);
	close(target.dirfd);
}

static void doors(void)
{
	char door[NAME_ROOM];
	const char *two;

	begin();
	FALSE(find_door(door, sizeof door));
	make_file(DOOR, 0, 0644);
	FALSE(find_door(door, sizeof door));
	make_file(DOOR, 0, 0755);
	TRUE(find_door(door, sizeof door));
	TEXT_IS("the door", door, DOOR);
	has_own = false;
	TRUE(find_door(door, sizeof door));
	pt_session.moved = true;
	FALSE(find_door(door, sizeof door));
	pt_session.moved = false;

	TEXT_IS("none", without_door(door, sizeof door), NULL);
	two_users = true;
	TRUE(strstr(without_door(door, sizeof door), "real and effective"));
	two_users = false;
	pt_session.moved = true;
	TRUE(strstr(without_door(door, sizeof door), "not where it was"));
	pt_session.state = SESSION_FAILED;
	TEXT_IS("failed", without_door(door, sizeof door), no_session);

	use(UNCOVERED_MOUNT);
	TEXT_IS("mount", door_word(&two), "--mount");
	TEXT_IS("mount", two, NULL);
	use(UNCOVERED_CONFINE);
	TEXT_IS("confine", door_word(&two), "--confine");
	TEXT_IS("confine", two, NULL);
	use(UNCOVERED_AUTO);
	TEXT_IS("auto", door_word(&two), "--mount-or-confine");
	TEXT_IS("auto", two, "--warn");
}

/* -- Executing by the door -- */

static struct {
	int answers, runs;
	const char *path, *preload;
	char **argv;
} ran;

static int runner(void *arg, const char *path, char *const *argv, char *const *envp)
{
	IS(arg, &ran);
	ran.runs++;
	ran.path = path;
	ran.preload = *envp;
	free(ran.argv);
	ran.argv = calloc(2000, sizeof *ran.argv);
	for (size_t i = 0; argv[i]; i++)
		ran.argv[i] = argv[i];
	return ran.answers;
}

static struct exec_env env;
static const struct exec_job job = {
	.run = runner, .arg = &ran, .env = &env, .parent = 7
};

static void are(size_t line, char *const *argv, const char *const *wanted)
{
	for (size_t i = 0; wanted[i]; i++)
		direct_text_is(__FILE__, (int)line, "a word", argv[i], wanted[i]);
}

#define ARE(...) \
	do { \
		static const char *const are_these[] = { __VA_ARGS__, NULL }; \
		are(__LINE__, ran.argv, are_these); \
		TEXT_IS("the end", ran.argv[sizeof are_these / sizeof *are_these - 1], \
			NULL); \
	} while (0)

static void vectors(void)
{
	char *three[] = { (char *)"zero", (char *)"one", (char *)"two", NULL };
	char *empty[] = { NULL };
	static char *many[EXEC_ON_STACK + 1];

	begin();
	environment[0] = NULL;
	use(UNCOVERED_MOUNT);
	ran.answers = ENOTDIR;
	IS(run_door(&job, DOOR, "/x", three, environment), ENOTDIR);
	TEXT_IS("the door", ran.path, DOOR);
	ARE("privtmp-door", "--mount", "--argv0", "zero", "--", "/x", "one", "two");
	use(UNCOVERED_AUTO);
	ran.answers = 0;
	IS(run_door(&job, DOOR, "/x", empty, environment), 0);
	ARE("privtmp-door", "--mount-or-confine", "--warn", "--argv0", "", "--", "/x");
	IS(run_door(&job, DOOR, "/x", NULL, environment), 0);
	ARE("privtmp-door", "--mount-or-confine", "--warn", "--argv0", "", "--", "/x");
	for (size_t i = 0; i < EXEC_ON_STACK; i++)
		many[i] = (char *)"many";
	IS(run_door(&job, DOOR, "/x", many, environment), 0);
	TEXT_IS("the last", ran.argv[EXEC_ON_STACK + DOOR_WORDS - 2], "many");
	TEXT_IS("the end", ran.argv[EXEC_ON_STACK + DOOR_WORDS - 1], NULL);
	ran.runs = 0;
	no_pages = true;
	IS(run_door(&job, DOOR, "/x", many, environment), ENOMEM);
	IS(ran.runs, 0);
}

static void by_doors(void)
{
	const struct target target = { AT_FDCWD, "/tmp/x", 0, "/tmp/x", NULL };
	const struct target closed = { 999, "x", 0, "unnamed", NULL };
	char *argv[] = { (char *)"x", NULL };
	bool plain = false;

	make_file(DOOR, 0, 0755);
	begin();
	environment[0] = preload;
	ran.runs = ran.answers = 0;
	IS(by_door(&job, &target, LOOK_STATIC, argv, environment, &plain), 0);
	FALSE(plain);
	IS(ran.preload, preload);
	/* One of another libc gets no shim there, and the vector is as it was. */
	IS(by_door(&job, &target, LOOK_LIBC, argv, environment, &plain), 0);
	TEXT_IS("the preload", ran.preload, "LD_PRELOAD=");
	IS(environment[0], preload);
	environment[0] = NULL;
	IS(by_door(&job, &target, LOOK_LIBC, argv, environment, &plain), 0);
	TEXT_IS("the preload", ran.preload, NULL);
	IS(ran.runs, 3);
	/* The shell is not to take the door for a script. */
	ran.answers = ENOEXEC;
	IS(by_door(&job, &target, LOOK_STATIC, argv, environment, &plain), EACCES);
	ran.answers = E2BIG;
	IS(by_door(&job, &target, LOOK_STATIC, argv, environment, &plain), E2BIG);
	FALSE(plain);
	IS(reports, 0);
	ran.runs = 0;

	/* No guarded directory exists, so there is nothing to be kept from. */
	settles = ENOENT;
	pt_session.state = SESSION_PLANNED;
	IS(by_door(&job, &target, LOOK_STATIC, argv, environment, &plain), 0);
	TRUE(plain);
	IS(reports, 0);
	/* There was a session. */
	pt_session.state = SESSION_LIVE;
	use(UNCOVERED_MOUNT);
	IS(by_door(&job, &target, LOOK_STATIC, argv, environment, &plain), EACCES);
	FALSE(plain);
	TEXT_IS("the cause", said_what, no_session);
	TRUE(strstr(said_remedy, "PRIVTMP_UNCOVERED to warn"));
	settles = 0;
	IS(by_door(&job, &closed, LOOK_STATIC, argv, environment, &plain), EACCES);
	FALSE(plain);
	TRUE(strstr(said_what, "no name by which"));
	/* By default it is executed as it is, and that is said. */
	use(UNCOVERED_AUTO);
	by_door(&job, &closed, LOOK_STATIC, argv, environment, &plain);
	TRUE(plain);
	TEXT_IS("the cause", said_what, reason(LOOK_STATIC));
	/* Whoever fills the file system gets no program out of the session by that. */
	pt_session.state = SESSION_FAILED;
	IS(by_door(&job, &target, LOOK_STATIC, argv, environment, &plain), EACCES);
	FALSE(plain);
	TEXT_IS("the cause", said_what, no_session);
	TRUE(strstr(said_remedy, "PRIVTMP_ONFAIL"));
	IS(ran.runs, 0);
}

static void takes(void)
{
	const struct target target = { AT_FDCWD, "/tmp/x", 0, "taken", NULL };
	char *argv[] = { (char *)"x", NULL };
	struct look look = { .fd = -1 };
	int error = 0;

	make_file(DOOR, 0, 0755);
	make_file("/tmp/x", 0, 0644);
	begin();
	environment[0] = NULL;
	ran.runs = ran.answers = 0;
	FALSE(uncovered_takes(&job, &target, &look, argv, environment, &error));
	look.facts = LOOK_SCRIPT;
	FALSE(uncovered_takes(&job, &target, &look, argv, environment, &error));
	look.facts = LOOK_SECURE;
	everywhere = true;
	FALSE(uncovered_takes(&job, &target, &look, argv, environment, &error));
	everywhere = false;
	IS(ran.runs, 0);
	/* What a look at the whole file finds counts, too. And the kernel's error comes first. */
	look.facts = 0;
	facts_through = LOOK_DIRECT;
	use(UNCOVERED_DENY);
	TRUE(uncovered_takes(&job, &target, &look, argv, environment, &error));
	IS(error, EACCES);
	IS(reports, 0);
	make_file("/tmp/x", 0, 0755);
	TRUE(uncovered_takes(&job, &target, &look, argv, environment, &error));
	IS(error, EACCES);
	IS(reports, 1);
	TEXT_IS("the cause", said_what, reason(LOOK_DIRECT));
	use(UNCOVERED_WARN);
	FALSE(uncovered_takes(&job, &target, &look, argv, environment, &error));
	IS(error, 0);
	IS(reports, 2);
	IS(ran.runs, 0);
	use(UNCOVERED_MOUNT);
	TRUE(uncovered_takes(&job, &target, &look, argv, environment, &error));
	IS(error, 0);
	IS(ran.runs, 1);
	settles = ENOENT;
	pt_session.state = SESSION_PLANNED;
	FALSE(uncovered_takes(&job, &target, &look, argv, environment, &error));
	IS(ran.runs, 1);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "names", door_names },  { "doors", doors }, { "vectors", vectors },
		{ "by_doors", by_doors }, { "takes", takes }, { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
