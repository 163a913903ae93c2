/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libc opens inside itself by variables of the environment, and by names in
 * /dev/shm. Each argument is one step; a line says what came of it.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <libintl.h>
#include <locale.h>
#include <mqueue.h>
#include <netdb.h>
#include <nl_types.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

static void say(const char *step, const char *what)
{
	printf("%s %s\n", step, what);
}

static void zone(void)
{
	time_t zero = 0;
	struct tm tm;
	char text[64];

	strftime(text, sizeof text, "%H %Z", localtime(&zero));
	say("localtime", text);
	memset(&tm, 0, sizeof tm);
	tm.tm_year = 70;
	tm.tm_mday = 2;
	snprintf(text, sizeof text, "%ld", (long)mktime(&tm) / 3600);
	say("mktime", text);
	localtime_r(&zero, &tm);
	snprintf(text, sizeof text, "%d", tm.tm_hour);
	say("localtime_r", text);
	snprintf(text, sizeof text, "%.13s", ctime(&zero));
	say("ctime", text);
}

/* A zone that one of these reads is used by all that follow. */
static void zone_after(const char *name)
{
	time_t zero = 0;
	struct tm tm;
	char text[64];

	memset(&tm, 0, sizeof tm);
	if (!strcmp(name, "gmtime"))
		gmtime(&zero);
	else if (!strcmp(name, "gmtime_r"))
		gmtime_r(&zero, &tm);
	else if (!strcmp(name, "timegm"))
		timegm(&tm);
	else if (!strcmp(name, "strptime"))
		strptime("0", "%s", &tm);
	else
		syslog(LOG_DEBUG, "zone");
	localtime_r(&zero, &tm);
	snprintf(text, sizeof text, "%s %d", name, tm.tm_hour);
	say("localtime_r after", text);
}

#ifdef __GLIBC__
extern int ruserpass(const char *host, const char **name, const char **password);

static void netrc(void)
{
	const char *name = NULL, *password = NULL;

	ruserpass("ours", &name, &password);
	say("ruserpass", name ? name : "none");
	say("HOME", getenv("HOME"));
}

static void abi(void)
{
	say("sysconf", sysconf(_SC_V6_ILP32_OFF32) > 0 ? "found" : "none");
}

/* Functions that libc has for old programs alone; in the first version of each machine. */
static void *old_function(const char *name)
{
	static const char *const versions[] = { "GLIBC_2.0", "GLIBC_2.2", "GLIBC_2.2.5",
						"GLIBC_2.3", "GLIBC_2.4", "GLIBC_2.17" };
	void *found = NULL;

	for (size_t i = 0; !found && i < sizeof versions / sizeof *versions; i++)
		found = dlvsym(RTLD_DEFAULT, name, versions[i]);
	return found;
}

/* NAME is a function of RPC. */
static int rpc_host(const char *name)
{
	static const char ours[] = "ours";
	void *f = old_function(name);

	if (f && !strcmp(name, "clnt_create"))
		((void *(*)(const char *, long, long, const char *))f)(ours, 1, 1, "tcp");
	else if (f && !strcmp(name, "getrpcport"))
		((int (*)(const char *, long, long, unsigned))f)(ours, 1, 1, 6);
	else if (f && !strcmp(name, "callrpc"))
		((int (*)(const char *, long, long, long, void *, void *, void *,
			  void *))f)(ours, 1, 1, 0, NULL, NULL, NULL, NULL);
	return f != NULL;
}

/* What may be asked of a name server. */
static void host(const char *name)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = 0x0100000a };
	struct gaicb asked = { .ar_name = "ours" }, *list[] = { &asked };
	const struct gaicb *wait[] = { &asked };
	char ours[] = "ours", *node = ours, text[64];
	struct sigevent none = { .sigev_notify = SIGEV_NONE };

	if (!strcmp(name, "gethostbyaddr"))
		gethostbyaddr(&to.sin_addr, sizeof to.sin_addr, AF_INET);
	else if (!strcmp(name, "getnameinfo"))
		getnameinfo((struct sockaddr *)&to, sizeof to, text, sizeof text, NULL, 0,
			    0);
	else if (!strcmp(name, "getaddrinfo_a"))
		getaddrinfo_a(GAI_WAIT, list, 1, NULL);
	else if (!strcmp(name, "getaddrinfo_a-nowait"))
		(void)(getaddrinfo_a(GAI_NOWAIT, list, 1, &none) ||
		       gai_suspend(wait, 1, NULL));
	else if (!strcmp(name, "rexec"))
		rexec(&node, htons(512), NULL, NULL, "true", NULL);
	else if (!strcmp(name, "rcmd"))
		rcmd(&node, htons(514), "a", "b", "true", NULL);
	else if (!strcmp(name, "gethostid"))
		gethostid();
	else if (!rpc_host(name))
		ruserok("ours", 0, "a", "b");
	say("asked", name);
}
#endif

static void locale(void)
{
	say("setlocale", setlocale(LC_ALL, "xx_YY") ? "found" : "none");
	say("newlocale", newlocale(LC_ALL_MASK, "xx_YY", NULL) ? "found" : "none");
}

/* A directory of messages that is named from the working directory. */
static void messages(void)
{
	if (!setlocale(LC_ALL, "C.UTF-8"))
		setlocale(LC_ALL, "C.utf8");
	bindtextdomain("ours", "tmp/messages");
	say("gettext", dgettext("ours", "hello"));
}

static void charset(void)
{
	iconv_t cd = iconv_open("OURSET", "UTF-8");

	say("iconv_open", cd == (iconv_t)-1 ? "none" : "found");
}

/* The variable is set by the program itself, in three ways; then libc converts text. */
static void to_wide(void)
{
	wchar_t wide[4];

	if (!setlocale(LC_ALL, "C.UTF-8"))
		setlocale(LC_ALL, "C.utf8");
	say("mbstowcs", mbstowcs(wide, "\303\244", 4) == 1 ? "one" : "other");
}

static void set_charset(void)
{
	setenv("GCONV_PATH", "/tmp/gconv", 1);
	to_wide();
}

static void put_charset(void)
{
	static char entry[] = "GCONV_PATH=/tmp/gconv";

	putenv(entry);
	to_wide();
}

static void write_charset(void)
{
	extern char **environ;
	static char entry[] = "GCONV_PATH=/tmp/gconv";

	environ[0] = entry;
	to_wide();
}

static void catalogue(void)
{
	nl_catd found = catopen("ours", 0);

	say("catopen", found == (nl_catd)-1 ? "none" : catgets(found, 1, 1, "none"));
}

static void date(void)
{
	say("getdate", getdate("7/77") ? "found" : "none");
}

static void environment(void)
{
	const char *value = getenv("TZ");

	say("getenv", value ? value : "none");
	fflush(stdout);
	if (system("echo \"child $TZ\"; env | grep '^TZ='"))
		say("system", "failed");
}

static void *turn(void *unused)
{
	time_t zero = 0;
	long wrong = 0;
	struct tm tm;

	(void)unused;
	for (int i = 0; i < 2000; i++) {
		tzset();
		wrong += localtime_r(&zero, &tm)->tm_hour != 0;
	}
	return (void *)wrong;
}

/* Not one of many calls at a time finds the shared file. */
static void threads(void)
{
	pthread_t thread[4];
	long wrong = 0;

	for (int i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, turn, NULL);
	for (int i = 0; i < 4; i++) {
		void *part;

		pthread_join(thread[i], &part);
		wrong += (long)part;
	}
	say("threads", wrong ? "wrong" : "right");
}

static void shared_memory(void)
{
	int fd = shm_open("/ours", O_RDWR | O_CREAT, 0600);
	struct stat st;

	say("shm_open", fd < 0 || fstat(fd, &st) < 0 ? strerror(errno) :
			st.st_size		     ? "planted" :
						       "new");
	say("shm_open again", shm_open("ours", O_RDWR | O_CREAT | O_EXCL, 0600) < 0 ?
				      strerror(errno) :
				      "new");
}

static void shared_memory_end(void)
{
	say("shm_unlink", shm_unlink("/ours") ? strerror(errno) : "done");
	say("shm_unlink again", shm_unlink("/ours") ? strerror(errno) : "done");
}

static void semaphore(void)
{
	sem_t *ours = sem_open("/ours", O_CREAT, 0600, 0), *other;
	int value = -1;
	pid_t child;

	if (ours == SEM_FAILED) {
		say("sem_open", strerror(errno));
		return;
	}
	say("sem_open", "ok");
	say("sem_open excl", sem_open("/ours", O_CREAT | O_EXCL, 0600, 0) == SEM_FAILED ?
				     strerror(errno) :
				     "new");
	say("sem_open none",
	    sem_open("/none", 0) == SEM_FAILED ? strerror(errno) : "new");
	child = fork();
	if (child == 0) {
		other = sem_open("/ours", 0);
		_exit(other == SEM_FAILED || sem_post(other) || sem_close(other));
	}
	waitpid(child, NULL, 0);
	say("sem_trywait", sem_trywait(ours) ? strerror(errno) : "posted");
	sem_getvalue(ours, &value);
	say("sem_getvalue", value ? "other" : "0");
	say("sem_close", sem_close(ours) ? strerror(errno) : "done");
}

static void semaphore_end(void)
{
	say("sem_unlink", sem_unlink("/ours") ? strerror(errno) : "done");
	say("sem_unlink again", sem_unlink("/ours") ? strerror(errno) : "done");
}

static void queue(void)
{
	mqd_t made = mq_open("/ours", O_RDWR | O_CREAT, 0600, NULL);

	say("mq_open", made == (mqd_t)-1 ? strerror(errno) : "ok");
	made = (mqd_t)syscall(SYS_mq_open, "ours", O_RDWR | O_CREAT, 0600, NULL);
	say("mq_open by number", made == (mqd_t)-1 ? strerror(errno) : "ok");
	mq_unlink("/ours");
}

static const struct {
	const char *name;
	void (*run)(void);
} steps[] = {
	{ "zone", zone },
	{ "locale", locale },
	{ "charset", charset },
	{ "set-charset", set_charset },
	{ "put-charset", put_charset },
	{ "write-charset", write_charset },
	{ "catalogue", catalogue },
	{ "date", date },
	{ "messages", messages },
	{ "environment", environment },
	{ "threads", threads },
	{ "shm", shared_memory },
	{ "shm-end", shared_memory_end },
	{ "sem", semaphore },
	{ "sem-end", semaphore_end },
	{ "mq", queue },
#ifdef __GLIBC__
	{ "netrc", netrc },
	{ "abi", abi },
#endif
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "after-", 6))
			zone_after(argv[i] + 6);
#ifdef __GLIBC__
		if (!strncmp(argv[i], "host-", 5))
			host(argv[i] + 5);
#endif
		for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
			if (!strcmp(argv[i], steps[k].name)) {
				steps[k].run();
				fflush(stdout);
			}
	}
	return 0;
}
