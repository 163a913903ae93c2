/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What becomes of programs that the shim cannot be loaded into (wrap/uncovered.c): which way each
 * is to go, and what is said of it. See direct.h.
 */
#include "direct_uncovered.h"

#include <sys/syscall.h>

/* -- Who inspects -- */

static void asked(void)
{
	static const struct {
		int state, then;
		bool caller, whole, matters;
	} rows[] = {
		{ SESSION_NONE, 0, false, false, false },
		{ SESSION_OFF, 0, false, false, false },
		{ SESSION_LIVE, 0, false, false, true },
		{ SESSION_LIVE, 0, true, false, false },
		{ SESSION_LIVE, 0, false, true, false },
		{ SESSION_PLANNED, 0, false, false, true },
		{ SESSION_FAILED, 0, false, false, true },
		{ SESSION_STARTING, SESSION_LIVE, false, false, true },
		{ SESSION_STARTING, SESSION_OFF, false, false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct exec_env env = { .whole = rows[i].whole };

		begin();
		pt_session.state = rows[i].state;
		state_after_need = rows[i].then;
		for_caller = rows[i].caller;
		IS(uncovered_matters(&env), rows[i].matters);
		IS(needs, rows[i].state == SESSION_STARTING);
	}
}

/* -- What is said -- */

static void reasons(void)
{
	static const struct {
		unsigned fact;
		const char *says;
	} rows[] = {
		{ LOOK_SECURE, "rights of its own" },
		{ LOOK_STATIC, "statically linked" },
		{ LOOK_LIBC, "another libc" },
		{ LOOK_DIRECT, "Go's" },
		{ LOOK_OTHER, "a word size" },
		{ LOOK_ALIEN, "kind of machine" },
		{ LOOK_UNREAD, "cannot be read" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		TRUE(strstr(reason(rows[i].fact), rows[i].says));
	/* What comes first counts. */
	TRUE(strstr(reason(LOOK_SECURE | LOOK_STATIC), "rights"));
}

static void warnings(void)
{
	const struct target named = { AT_FDCWD, "/tmp/x", 0, "x", NULL };
	struct target open = { AT_FDCWD, "", AT_EMPTY_PATH, "", NULL };

	begin();
	use(UNCOVERED_AUTO);
	warn(&named, LOOK_STATIC);
	TEXT_IS("the program", said_of, "x");
	TEXT_IS("what is noted", told, "x");
	TRUE(strstr(said_remedy, "PRIVTMP_UNCOVERED is mount"));
	warn(&named, LOOK_SECURE);
	TEXT_IS("what is noted", told, "rights");
	TRUE(strstr(said_remedy, "it and others"));
	use(UNCOVERED_WARN);
	warn(&named, LOOK_SECURE);
	TEXT_IS("what is noted", told, "x");
	TRUE(strstr(said_remedy, "/etc/ld.so.preload") && !strstr(said_remedy, "others"));
	IS(reports, 3);
	no_news = true;
	warn(&named, LOOK_STATIC);
	IS(reports, 3);
	no_news = false;
	/* An open file has the name that it has there; and a closed one none. */
	make_file("/tmp/open", 0, 0755);
	open.dirfd = sys_openat(AT_FDCWD, "/tmp/open", O_PATH | O_CLOEXEC, 0);
	MUST(open.dirfd >= 0);
	warn(&open, LOOK_STATIC);
	TEXT_IS("the open file", said_of, "/tmp/open");
	sys_close(open.dirfd);
	warn(&open, LOOK_STATIC);
	TEXT_IS("the closed file", said_of, "");
}

static void refusals(void)
{
	const struct target one = { AT_FDCWD, "/tmp/one", 0, "/tmp/one", NULL };
	const struct target same = { AT_FDCWD, "/mnt/one", 0, "/mnt/one", NULL };
	const struct target other = { AT_FDCWD, "/tmp/two", 0, "/tmp/two", NULL };

	/* A search along PATH meets the name again, and it is said once. */
	begin();
	IS(refuse(&one, "what", "remedy"), EACCES);
	IS(reports, 1);
	TEXT_IS("what", said_what, "what");
	TEXT_IS("the remedy", said_remedy, "remedy");
	IS(refuse(&same, "what", "remedy"), EACCES);
	IS(reports, 1);
	IS(refuse(&other, "what", "remedy"), EACCES);
	IS(reports, 2);
	TEXT_IS("the program", said_of, "/tmp/two");
	IS(refuse(&one, "what", "remedy"), EACCES);
	IS(reports, 3);
}

/* -- Whether a file can be executed -- */

static void obstacles(void)
{
	struct target target = { AT_FDCWD, "/tmp/x", 0, "x", NULL };
	const int dir = open_high("/tmp");

	begin();
	make_file("/tmp/x", 0, 0755);
	IS(obstacle(&target), 0);
	make_file("/tmp/x", 0, 0644);
	IS(obstacle(&target), EACCES);
	in_valgrind = true;
	IS(obstacle(&target), EACCES);
	make_file("/tmp/x", 0, 0755);
	IS(obstacle(&target), 0);
	/* What is not there cannot be executed either. */
	target.path = "/tmp/none";
	IS(obstacle(&target), EACCES);
	target.path = "/tmp/x";
	MUST(mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_NOEXEC, NULL) == 0);
	FALSE(may_execute(&target));
	IS(obstacle(&target), EACCES);
	in_valgrind = false;
	IS(obstacle(&target), EACCES);
	/* Of a name in a directory, the kernel alone knows. */
	in_valgrind = true;
	target.dirfd = dir;
	target.path = "x";
	IS(obstacle(&target), 0);
	MUST(mount(NULL, "/tmp", NULL, MS_REMOUNT, NULL) == 0);
	in_valgrind = false;
	IS(obstacle(&target), 0);
	/* By flags the call is another one: of a link, it is refused. */
	make_link("/tmp/x", "/tmp/link", 0);
	target.dirfd = AT_FDCWD;
	target.path = "/tmp/link";
	target.flags = AT_SYMLINK_NOFOLLOW;
	{
		const int error = kernel_objects(&target);

		/* Before Linux 6.8 arguments are checked first. */
		TRUE(error == ELOOP || error == 0);
	}
	target.flags = 0;
	IS(kernel_objects(&target), 0);
	close(dir);
}

/* -- Which way -- */

static void as_user(void)
{
	become(ME);
	use(UNCOVERED_AUTO);
	IS(way_of(LOOK_SECURE), WAY_NAMED);
}

static void without_right(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	MUST(syscall(SYS_capget, &head, data) == 0);
	data[0].effective &= ~(1U << CAP_SYS_ADMIN);
	MUST(syscall(SYS_capset, &head, data) == 0);
	use(UNCOVERED_MOUNT);
	IS(way_of(LOOK_SECURE), WAY_NAMED);
}

static void way_rows(void)
{
	static const struct {
		unsigned uncovered, facts;
		bool everywhere, confined;
		enum way way;
	} rows[] = {
		{ UNCOVERED_AUTO, LOOK_SECURE, true, false, WAY_PLAIN },
		{ UNCOVERED_DENY, LOOK_SECURE, true, false, WAY_PLAIN },
		{ UNCOVERED_DENY, LOOK_SECURE, false, false, WAY_REFUSED },
		{ UNCOVERED_DENY, LOOK_SECURE | LOOK_STATIC, true, false, WAY_REFUSED },
		{ UNCOVERED_DENY, LOOK_STATIC, true, false, WAY_REFUSED },
		{ UNCOVERED_DENY, LOOK_STATIC, false, true, WAY_REFUSED },
		{ UNCOVERED_WARN, LOOK_STATIC, false, false, WAY_NAMED },
		{ UNCOVERED_WARN, LOOK_SECURE, false, true, WAY_NAMED },
		{ UNCOVERED_AUTO, LOOK_SECURE, false, false, WAY_DOOR },
		{ UNCOVERED_MOUNT, LOOK_SECURE, false, false, WAY_DOOR },
		{ UNCOVERED_CONFINE, LOOK_SECURE, false, false, WAY_NAMED },
		{ UNCOVERED_AUTO, LOOK_STATIC, false, false, WAY_DOOR },
		{ UNCOVERED_AUTO, LOOK_STATIC, false, true, WAY_PLAIN },
		{ UNCOVERED_CONFINE, LOOK_STATIC, false, true, WAY_PLAIN },
		{ UNCOVERED_CONFINE, LOOK_STATIC, false, false, WAY_DOOR },
		{ UNCOVERED_MOUNT, LOOK_STATIC, false, true, WAY_DOOR },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin();
		use(rows[i].uncovered);
		everywhere = rows[i].everywhere;
		pt_session.confined = rows[i].confined;
		IS(way_of(rows[i].facts), rows[i].way);
	}
	begin();
	in_child(as_user);
	in_child(without_right);
}

/* -- The shell -- */

static void shells(void)
{
	static const struct {
		int state;
		unsigned uncovered, at_first, through;
		bool confined, takes_door, door, runs, by_door;
		int reports;
	} rows[] = {
		{ SESSION_OFF, UNCOVERED_DENY, LOOK_STATIC, 0, 0, 1, 1, true, false, 0 },
		{ SESSION_LIVE, UNCOVERED_DENY, 0, 0, 0, 1, 1, true, false, 0 },
		{ SESSION_LIVE, UNCOVERED_DENY, LOOK_STATIC, 0, 0, 1, 1, false, false,
		  1 },
		{ SESSION_LIVE, UNCOVERED_DENY, 0, LOOK_DIRECT, 0, 1, 1, false, false,
		  1 },
		{ SESSION_LIVE, UNCOVERED_WARN, LOOK_STATIC, 0, 0, 1, 1, true, false, 1 },
		{ SESSION_LIVE, UNCOVERED_AUTO, LOOK_STATIC, 0, 1, 1, 1, true, false, 0 },
		{ SESSION_LIVE, UNCOVERED_AUTO, LOOK_STATIC, 0, 0, 1, 1, true, true, 0 },
		{ SESSION_LIVE, UNCOVERED_AUTO, LOOK_STATIC, 0, 0, 1, 0, true, false, 1 },
		{ SESSION_LIVE, UNCOVERED_MOUNT, LOOK_STATIC, 0, 0, 1, 0, false, false,
		  1 },
		{ SESSION_LIVE, UNCOVERED_MOUNT, LOOK_STATIC, 0, 0, 0, 1, false, false,
		  1 },
		{ SESSION_LIVE, UNCOVERED_AUTO, LOOK_STATIC, 0, 0, 0, 1, true, false, 1 },
		{ SESSION_FAILED, UNCOVERED_AUTO, LOOK_STATIC, 0, 0, 1, 1, false, false,
		  1 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct target another = { AT_FDCWD, "/", 0, "another", NULL };
		struct shell shell = { "unset" };

		begin();
		/* So that each is the first of its name. */
		refuse(&another, "what", NULL);
		reports = 0;
		pt_session.state = rows[i].state;
		pt_session.confined = rows[i].confined;
		use(rows[i].uncovered);
		facts_at_first = rows[i].at_first;
		facts_through = rows[i].through;
		unlink(DOOR);
		if (rows[i].door)
			make_file(DOOR, 0, 0755);
		IS(uncovered_shell(&shell, rows[i].takes_door), rows[i].runs);
		TEXT_IS("the door", shell.door, rows[i].by_door ? DOOR : "");
		IS(reports, rows[i].reports);
		if (reports)
			TEXT_IS("the program", said_of, "/bin/sh");
	}
}

static void commands(void)
{
	const struct shell shell = { "/o'pt/door" };
	char text[256];
	size_t n;

	begin();
	use(UNCOVERED_MOUNT);
	n = uncovered_put_command(&shell, "echo 'a b' $x", NULL);
	IS(uncovered_put_command(&shell, "echo 'a b' $x", text), n);
	IS(strlen(text) + 1, n);
	TEXT_IS("the command", text,
		"exec '/o'\\''pt/door' --mount --argv0 sh -- /bin/sh -c "
		"'echo '\\''a b'\\'' $x'");
	use(UNCOVERED_AUTO);
	IS(uncovered_put_command(&shell, "", text), strlen(text) + 1);
	TEXT_IS("the command", text,
		"exec '/o'\\''pt/door' --mount-or-confine --warn --argv0 sh -- "
		"/bin/sh -c ''");
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "asked", asked },
		{ "reasons", reasons },
		{ "warnings", warnings },
		{ "refusals", refusals },
		{ "obstacles", obstacles },
		{ "ways", way_rows },
		{ "shells", shells },
		{ "commands", commands },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
