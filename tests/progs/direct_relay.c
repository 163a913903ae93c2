/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What goes between a command and a terminal or pipes that it does not have itself
 * (tools/relay.c): each kind of stream, signals, ends, and what is lacking. See direct.h.
 */
#include "../../tools/relay.c"

#include "direct.h"
#include <sys/resource.h>

enum { SECONDS = 20 };

/* A process that relays, on the slave of MASTER or on pipes. */
struct relaying {
	pid_t pid;
	int master, slave;
	int pipe[3]; /* the test's ends, or -1 */
	char seen[65536];
	size_t n;
};

static struct how {
	const char *streams; /* of each "t", "p", or "-": closed */
	bool pipes, background, deaf, narrow;
	unsigned files, user;
} how;

static void (*command)(void);

/* -- The process that relays -- */

static void relay(void)
{
	static struct relay r;
	struct rlimit files = { how.files, how.files };
	int status;

	if (how.files)
		MUST(setrlimit(RLIMIT_NOFILE, &files) == 0);
	if (relay_start(&r, how.pipes, how.user ? how.user : getuid()) < 0)
		_exit(r.child == -EAGAIN ? 101 : 100);
	if (r.child == 0) {
		command();
		_exit(0);
	}
	if (how.deaf) {
		files.rlim_cur = files.rlim_max = 3;
		MUST(setrlimit(RLIMIT_NOFILE, &files) == 0);
	}
	status = relay_run(&r);
	for (int i = 0; i < 3; i++)
		if (r.own[i] >= 0)
			close(r.own[i]);
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static void enter_background(void)
{
	const pid_t pid = fork();
	int status;

	MUST(pid >= 0);
	if (pid) {
		MUST(waitpid(pid, &status, 0) == pid);
		_exit(WEXITSTATUS(status));
	}
	setpgid(0, 0);
}

static void take_streams(const struct relaying *p, const int theirs[3])
{
	setsid();
	ioctl(p->slave, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		if (how.streams[i] == '-')
			close(i);
		else
			MUST(dup2(how.streams[i] == 't' ? p->slave : theirs[i], i) == i);
	for (int fd = 3; fd < 256; fd++)
		close(fd);
}

/* As WAY says; what the command does is WHAT. */
static struct relaying *start_relay(struct how way, void (*what)(void))
{
	static struct relaying p;
	int theirs[3] = { -1, -1, -1 };
	struct winsize size = { .ws_row = 11, .ws_col = 22 };

	how = way;
	command = what;
	p = (struct relaying){ .pipe = { -1, -1, -1 } };
	for (int i = 0; i < 3; i++) {
		int fds[2];

		if (how.streams[i] != 'p')
			continue;
		MUST(pipe2(fds, O_CLOEXEC) == 0);
		if (how.narrow)
			fcntl(fds[0], F_SETPIPE_SZ, PORTION);
		p.pipe[i] = fcntl(fds[i ? 0 : 1], F_DUPFD_CLOEXEC, 50);
		theirs[i] = fcntl(fds[i ? 1 : 0], F_DUPFD_CLOEXEC, 50);
		close(fds[0]);
		close(fds[1]);
	}
	MUST((p.master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) >= 0);
	p.master = above(p.master);
	MUST(grantpt(p.master) == 0 && unlockpt(p.master) == 0);
	p.slave = above(open_peer(p.master));
	MUST(p.slave >= 0 && ioctl(p.master, TIOCSWINSZ, &size) == 0);
	MUST((p.pid = fork()) >= 0);
	if (p.pid == 0) {
		take_streams(&p, theirs);
		if (how.background)
			enter_background();
		relay();
	}
	for (int i = 0; i < 3; i++)
		if (theirs[i] >= 0)
			close(theirs[i]);
	alarm(SECONDS);
	return &p;
}

static int end_relay(struct relaying *p)
{
	int status;

	MUST(waitpid(p->pid, &status, 0) == p->pid);
	alarm(0);
	close(p->master);
	close(p->slave);
	for (int i = 0; i < 3; i++)
		if (p->pipe[i] >= 0)
			close(p->pipe[i]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Whether TEXT comes out of FD before its end. */
static bool comes(struct relaying *p, int fd, const char *text)
{
	p->n = 0;
	p->seen[0] = '\0';
	while (!strstr(p->seen, text)) {
		ssize_t n = read(fd, p->seen + p->n, sizeof p->seen - 1 - p->n);

		if (n <= 0)
			return false;
		p->n += (size_t)n;
		p->seen[p->n] = '\0';
	}
	return true;
}

/* Waits until the process that relays has reaped the command. */
static void wait_childless(const struct relaying *p)
{
	char path[64], one;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)p->pid,
		 (int)p->pid);
	for (;;) {
		MUST((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0);
		if (read(fd, &one, 1) <= 0)
			break;
		close(fd);
		usleep(1000);
	}
	close(fd);
}

static bool is_raw(const struct relaying *p)
{
	struct termios modes;

	MUST(tcgetattr(p->slave, &modes) == 0);
	return !(modes.c_lflag & ICANON);
}

/* -- What commands do -- */

static void say(int fd, const char *text)
{
	MUST(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

static void say_size(void)
{
	struct winsize size = { .ws_row = 0 };
	char text[64];

	ioctl(0, TIOCGWINSZ, &size);
	snprintf(text, sizeof text, "size %d %d\n", size.ws_row, size.ws_col);
	say(1, text);
}

static void converse(void)
{
	sigset_t one;
	char line[64];
	int number;

	sigemptyset(&one);
	sigaddset(&one, SIGWINCH);
	sigaddset(&one, SIGUSR1);
	sigprocmask(SIG_BLOCK, &one, NULL);
	say(1, isatty(0) && isatty(1) && isatty(2) && getsid(0) == getpid() ?
		       "terminal\n" :
		       "none\n");
	say_size();
	sigwait(&one, &number);
	say_size();
	MUST(read(0, line, sizeof line) == 6);
	say(2, memcmp(line, "hello\n", 6) ? "else\n" : "heard\n");
	sigdelset(&one, SIGWINCH);
	sigwait(&one, &number);
	raise(SIGSTOP);
	say(1, "on\n");
	sigwait(&one, &number);
	_exit(7);
}

/* On a terminal of its own: it looks, hears, stops and goes on as on the other. */
static void terminal(void)
{
	struct relaying *p = start_relay((struct how){ .streams = "ttt" }, converse);
	struct winsize size = { .ws_row = 33, .ws_col = 44 };
	int status;

	TRUE(comes(p, p->master, "terminal"));
	TRUE(strstr(p->seen, "size 11 22") || comes(p, p->master, "size 11 22"));
	TRUE(is_raw(p));
	MUST(ioctl(p->master, TIOCSWINSZ, &size) == 0);
	TRUE(comes(p, p->master, "size 33 44"));
	say(p->master, "hello\n");
	TRUE(comes(p, p->master, "heard"));
	kill(p->pid, SIGUSR1);
	MUST(waitpid(p->pid, &status, WUNTRACED) == p->pid);
	TRUE(WIFSTOPPED(status));
	FALSE(is_raw(p));
	kill(p->pid, SIGCONT);
	TRUE(comes(p, p->master, "on"));
	TRUE(is_raw(p));
	/* What stops, with all that the command has begun; and what is nothing to it. */
	kill(p->pid, SIGTSTP);
	MUST(waitpid(p->pid, &status, WUNTRACED) == p->pid);
	TRUE(WIFSTOPPED(status));
	kill(p->pid, SIGCONT);
	kill(p->pid, SIGPIPE);
	kill(p->pid, SIGTTIN);
	kill(p->pid, SIGTTOU);
	kill(p->pid, SIGUSR1);
	IS(end_relay(p), 7);
}

static void say_all(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (isatty(fd))
			say(fd, "here\n");
	if (!isatty(1))
		say(1, "out\n");
	if (!isatty(2))
		say(2, "err\n");
	_exit(9);
}

/* Each stream that is a terminal becomes one; what it shows is shown on the first of them. */
static void mixed_streams(void)
{
	static const char *const streams[] = { "tpp", "ptt", "ttp", "tpt", "ppt", "ptp" };

	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
		for (int pipes = 0; pipes < 2; pipes++) {
			struct relaying *p = start_relay(
				(struct how){ .streams = streams[i], .pipes = pipes },
				say_all);

			TRUE(comes(p, p->master, "here"));
			if (p->pipe[1] >= 0)
				TRUE(comes(p, p->pipe[1], "out\n"));
			if (p->pipe[2] >= 0)
				TRUE(comes(p, p->pipe[2], "err\n"));
			IS(end_relay(p), 9);
		}
}

static void copy_all(void)
{
	char room[1000];
	ssize_t n;

	TRUE(!isatty(0) && fcntl(3, F_GETFD) < 0);
	while ((n = read(0, room, sizeof room)) > 0)
		for (ssize_t at = 0, m; at < n; at += m)
			MUST((m = write(1, room + at, (size_t)(n - at))) > 0);
	say(2, "copied\n");
	_exit(direct_failures);
}

/* Through pipes all comes, and the end of it. */
static void pipes(void)
{
	enum { BYTES = 300000 };
	static char room[BYTES];
	struct relaying *p =
		start_relay((struct how){ .streams = "ppp", .pipes = true }, copy_all);
	pid_t writer;
	size_t bytes = 0;
	ssize_t n;

	MUST((writer = fork()) >= 0);
	if (writer == 0)
		_exit(write(p->pipe[0], room, BYTES) != BYTES);
	close(p->pipe[0]);
	p->pipe[0] = -1;
	/* Of no size, and nothing is sized. */
	kill(p->pid, SIGWINCH);
	while (bytes < BYTES && (n = read(p->pipe[1], room, sizeof room)) > 0)
		bytes += (size_t)n;
	IS(bytes, BYTES);
	TRUE(comes(p, p->pipe[2], "copied"));
	MUST(waitpid(writer, NULL, 0) == writer);
	IS(end_relay(p), 0);
}

static void hear_nothing(void)
{
	sigset_t one;
	int number;

	close(0);
	sigemptyset(&one);
	sigaddset(&one, SIGUSR1);
	sigprocmask(SIG_BLOCK, &one, NULL);
	say(1, "deaf\n");
	sigwait(&one, &number);
	_exit(number == SIGUSR1 ? 3 : 4);
}

static void say_much(void)
{
	static char room[8192];

	for (int i = 0; i < 100; i++)
		if (write(1, room, sizeof room) < 0)
			_exit(5);
	_exit(6);
}

/* What one side no longer takes is an end to the other side, and nothing waits for it. */
static void ends(void)
{
	struct relaying *p = start_relay((struct how){ .streams = "ppp", .pipes = true },
					 hear_nothing);
	int left = 1;

	TRUE(comes(p, p->pipe[1], "deaf"));
	say(p->pipe[0], "x");
	while (left) {
		MUST(ioctl(p->pipe[0], FIONREAD, &left) == 0);
		usleep(1000);
	}
	kill(p->pid, SIGUSR1);
	IS(end_relay(p), 3);
	p = start_relay((struct how){ .streams = "ppp", .pipes = true }, say_much);
	close(p->pipe[1]);
	p->pipe[1] = -1;
	IS(end_relay(p), 128 + SIGPIPE);
}

static void leave_other(void)
{
	const pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	printf("other %d\n", (int)pid);
	fflush(stdout);
	_exit(5);
}

static void leave_much(void)
{
	static char room[8192];

	MUST(write(1, room, sizeof room) == sizeof room);
	say(2, "left\n");
	_exit(6);
}

/* The command's end is the end: another process may have its streams, or nobody read. */
static void rest(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct relaying *p =
		start_relay((struct how){ .streams = "ppp", .pipes = true }, leave_other);
	int other = 0;

	TRUE(comes(p, p->pipe[1], "\n"));
	MUST(sscanf(p->seen, "other %d", &other) == 1 && other > 1);
	IS(end_relay(p), 5);
	kill(other, SIGKILL);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		p = start_relay(
			(struct how){ .streams = "ppp", .pipes = true, .narrow = true },
			leave_much);
		TRUE(comes(p, p->pipe[2], "left"));
		wait_childless(p);
		/* Not by any signal. */
		kill(p->pid, SIGUSR1);
		usleep(10000);
		IS(waitpid(p->pid, NULL, WNOHANG), 0);
		kill(p->pid, numbers[i]);
		IS(end_relay(p), 6);
	}
}

static void say_once(void)
{
	struct pollfd reader = { .fd = 1 };

	say(2, "once\n");
	poll(&reader, 1, -1);
	_exit(4);
}

/* Behind, nothing is taken that was typed for others, and the terminal stays as it is. */
static void background(void)
{
	struct relaying *p = start_relay(
		(struct how){ .streams = "tpt", .background = true }, say_once);
	int left = 0;

	say(p->master, "theirs\n");
	TRUE(comes(p, p->master, "once"));
	FALSE(is_raw(p));
	MUST(ioctl(p->slave, FIONREAD, &left) == 0);
	IS(left, 7);
	close(p->pipe[1]);
	p->pipe[1] = -1;
	IS(end_relay(p), 4);
}

static void hear_end(void)
{
	char one;

	_exit(read(0, &one, 1) == 0 ? 8 : 9);
}

static void end_at_once(void)
{
	_exit(2);
}

/* Without descriptors, processes or streams it is not begun, or goes on as it can. */
static void lacking(void)
{
	struct relaying *p;
	int begun = 0;

	p = start_relay((struct how){ .streams = "---", .pipes = true }, hear_end);
	IS(end_relay(p), 8);
	p = start_relay((struct how){ .streams = "ttt", .deaf = true }, end_at_once);
	IS(end_relay(p), 2);
	for (unsigned files = 3; files < 14; files++)
		for (int i = 0; i < 3; i++) {
			const char *const streams[] = { "ppp", "ttt", "---" };
			int status;

			p = start_relay((struct how){ .streams = streams[i],
						      .pipes = true,
						      .files = files },
					end_at_once);
			status = end_relay(p);
			TRUE(status == 100 || status == 2);
			TRUE(status == 100 || files > 3);
			begun += status == 2;
		}
	TRUE(begun > 3);
}

static void no_processes(void)
{
	static struct relay r;
	const struct rlimit none = { 0, 0 };

	become(ME);
	MUST(setrlimit(RLIMIT_NPROC, &none) == 0);
	IS(relay_start(&r, true, ME), -EAGAIN);
}

static void no_fork(void)
{
	in_child(no_processes);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "terminal", terminal }, { "mixed", mixed_streams },
		{ "pipes", pipes },	  { "ends", ends },
		{ "rest", rest },	  { "background", background },
		{ "lacking", lacking },	  { "no_fork", no_fork },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
