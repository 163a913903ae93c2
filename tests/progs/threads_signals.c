/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls where there is little room, and where another call is interrupted.
 *
 * threads_signals storm THREADS MILLISECONDS   handlers at a high rate
 * threads_signals first                        a handler makes the first call
 * threads_signals stack BYTES [WALK]           on an alternative stack of BYTES
 * threads_signals thread                       on a thread's smallest stack
 *
 * BYTES may be "min" or "sig", for what the system says of MINSIGSTKSZ and
 * SIGSTKSZ, and may have "+N" behind it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int faults, handled;
static __thread int depth;

#define MUST(what) ((what) ? (void)0 : fault(__LINE__, #what))

static void fault(int line, const char *what)
{
	int saved = errno;

	/* Not for handlers by the book, but then the test has failed anyway. */
	if (__atomic_fetch_add(&faults, 1, __ATOMIC_RELAXED) < 10)
		fprintf(stderr, "threads_signals: line %d: %s: %s\n", line, what,
			strerror(saved));
}

/* A name that nobody else uses: of this thread, at this depth. */
static void name(char *out, const char *dir, const char *what)
{
	static int threads;
	static __thread int self;
	char *end;

	if (!self)
		self = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
	end = stpcpy(stpcpy(out, dir), what);
	*end++ = (char)('a' + self);
	*end++ = (char)('a' + depth);
	*end = '\0';
}

/* Only what a handler may call. */
static void use(const char *dir)
{
	char a[64], b[64], text[64];
	struct stat st;
	int fd;

	name(a, dir, "/one");
	name(b, dir, "/two");
	fd = open(a, O_CREAT | O_EXCL | O_RDWR, 0600);
	MUST(fd >= 0 && close(fd) == 0);
	MUST(stat(a, &st) == 0 && S_ISREG(st.st_mode));
	MUST(link(a, b) == 0 && unlink(b) == 0);
	MUST(rename(a, b) == 0);
	MUST(lstat(a, &st) < 0 && errno == ENOENT);
	MUST(symlink(b, a) == 0);
	MUST(readlink(a, text, sizeof text) == (ssize_t)strlen(b));
	MUST(access(a, R_OK) == 0 && chmod(a, 0640) == 0);
	MUST(unlink(a) == 0 && unlink(b) == 0);
	MUST(mkdir(a, 0700) == 0 && rmdir(a) == 0);
}

static void handle(int number)
{
	(void)number;
	errno = EXDEV;
	depth++;
	use(handled % 2 ? "/tmp" : "/tmp/../tmp");
	depth--;
	__atomic_fetch_add(&handled, 1, __ATOMIC_RELAXED);
}

static timer_t timer;
static int ticking;

/* The next one is counted from here: however slow the machine, work goes on. */
static void soon(void)
{
	const struct itimerspec next = { { 0, 0 }, { 0, 200000 } };

	if (__atomic_load_n(&ticking, __ATOMIC_SEQ_CST))
		timer_settime(timer, 0, &next, NULL);
}

/* errno is a caller's that no call of it has failed: it has to stay. */
static void keep_errno(int number)
{
	struct stat st;
	int saved = errno;

	errno = EXDEV;
	MUST(stat("/tmp", &st) == 0 && errno == EXDEV);
	handle(number);
	soon();
	errno = saved;
}

static void set_handler(int flags)
{
	struct sigaction action = { .sa_handler = keep_errno };

	action.sa_flags = flags;
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
}

/* -- A storm of signals -- */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

enum { ENOUGH = 10, PATIENCE = 30000 }; /* signals; milliseconds more on a busy machine */

static double end;

static int goes_on(void)
{
	const double t = now();

	return t < end || (handled <= ENOUGH && t < end + PATIENCE);
}

static void *work(void *arg)
{
	(void)arg;
	do {
		use("/tmp");
		use("/var/tmp/../../tmp");
	} while (goes_on());
	return NULL;
}

static void storm(int threads, int milliseconds)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL };
	pthread_t thread[16];

	end = now() + milliseconds;
	/* The first call may already be interrupted. */
	set_handler(SA_RESTART);
	event.sigev_signo = SIGALRM;
	MUST(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	ticking = 1;
	soon();
	for (int i = 0; i < threads && i < 16; i++)
		MUST(!pthread_create(&thread[i], NULL, work, NULL));
	work(NULL);
	for (int i = 0; i < threads && i < 16; i++)
		pthread_join(thread[i], NULL);
	__atomic_store_n(&ticking, 0, __ATOMIC_SEQ_CST);
	timer_delete(timer);
	MUST(handled > ENOUGH);
}

/* -- Small stacks -- */

static size_t parse_size(const char *text)
{
	size_t more = strchr(text, '+') ? strtoul(strchr(text, '+'), NULL, 10) : 0;

	if (!strncmp(text, "min", 3))
		return (size_t)sysconf(_SC_MINSIGSTKSZ) + more;
	if (!strncmp(text, "sig", 3))
		return (size_t)sysconf(_SC_SIGSTKSZ) + more;
	return strtoul(text, NULL, 10);
}

/* A stack of exactly SIZE bytes, and nothing for a long way below it. */
static void use_stack(size_t size)
{
	const size_t nothing = 1 << 20;
	char *at = mmap(NULL, nothing + size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t stack = { .ss_size = size };

	MUST(at != MAP_FAILED && mprotect(at, nothing, PROT_NONE) == 0);
	stack.ss_sp = at + nothing;
	MUST(sigaltstack(&stack, NULL) == 0);
}

static const char *one_path;

static void handle_little(int number)
{
	struct stat st;

	(void)number;
	MUST(mkdir(one_path, 0700) == 0);
	MUST(stat(one_path, &st) == 0);
	MUST(rmdir(one_path) == 0);
}

static void on_stack(const char *size, int walk)
{
	struct sigaction action = { .sa_handler = handle_little };

	one_path = walk ? "/tmp/../tmp/little" : "/tmp/little";
	action.sa_flags = SA_ONSTACK;
	sigaction(SIGUSR1, &action, NULL);
	use_stack(parse_size(size));
	raise(SIGUSR1);
	/* Again, when all that is done once has been done. */
	raise(SIGUSR1);
}

static void *work_once(void *arg)
{
	(void)arg;
	use("/tmp");
	use("/var/tmp/../../tmp");
	return NULL;
}

static void on_thread(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	MUST(!pthread_attr_setstacksize(&attributes, (size_t)PTHREAD_STACK_MIN));
	MUST(!pthread_create(&thread, &attributes, work_once, NULL));
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "storm")) {
		storm(atoi(argv[2]), atoi(argv[3]));
	} else if (argc == 2 && !strcmp(argv[1], "first")) {
		set_handler(0);
		raise(SIGUSR1);
	} else if (argc >= 3 && !strcmp(argv[1], "stack")) {
		on_stack(argv[2], argc > 3);
	} else if (argc == 2 && !strcmp(argv[1], "thread")) {
		on_thread();
	} else {
		return 2;
	}
	if (faults)
		return 1;
	puts("ok");
	return 0;
}
