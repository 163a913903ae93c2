/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * every DIR [EVERY FIRST | place]: calls functions of libc by their names, each in a process
 * of its own and with each of some paths in the directory DIR below /tmp, in many shapes, and
 * with each of some further arguments. Standard input has a line for each function, "NAME RETURNS ARGUMENT...";
 * RETURNS is "pointer", "string", "tm", "none" or another word, and an ARGUMENT
 *   path      the path, or its brother if there was one before
 *   list      the path alone, and NULL
 *   template  the path and ".XXXXXX"
 *   dirfd     where the path begins, AT_FDCWD unless told otherwise
 *   word      the string "r", or another mode
 *   data      zeros, or NULL
 *   room      where a string may be left, which is printed then
 *   size      how much of that there is: 4096, or very little
 *   function  one that notes the paths it is called with; skips, passes: the same, with
 *             FTW_SKIP_SUBTREE and FTW_SKIP_SIBLINGS as its result
 *   stream    standard input
 *   number    0, or flags
 *   =NUMBER   that
 *   'TEXT     that
 *   time      a moment of 2001
 *   tm        a day of 1970; what is there then is printed
 *   format    "%H:%M %Z", wide: the same of wide characters
 *   locale    one that newlocale(3) has made
 * If there is one of the last four, no path is needed, and the local time is printed, too.
 * Prints "NAME SHAPE[, ARGUMENTS]: RESULT ERROR" for each, or "...: signal NUMBER", strings
 * that were left and the working directory, and what is in DIR, if that has changed.
 *
 * With EVERY and FIRST each system call fails in turn, of each EVERYth call from number FIRST
 * on. Prints what is wrong then: "NAME SHAPE[, ARGUMENTS]: system call
 * NUMBER, the Nth, ERROR: ...", and how many faults there were. With "place" that is each
 * place in the shim that makes a system call, once. 77: not on this machine.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "every_dir.h"
#include "every_faults.h"

enum { ARGUMENTS = 8, SECONDS = 10 };

typedef long any_call(long, long, long, long, long, long, long, long);

/* Where a relative path begins. */
enum start { HERE, IN_DIR, IN_ROOT, IN_NO_DIRECTORY, IN_FILE };

/* A path; "%" stands for DIR, "~" for DIR without its slash. */
struct shape {
	const char *label, *path;
	enum start start;
	const char *cwd;
	bool few; /* also with further arguments */
};

static char long_path[PATH_MAX], too_long_path[PATH_MAX + 1], long_name[PATH_MAX];

#define SHAPE(of, is, ...) \
	{ \
		.label = of, .path = is, __VA_ARGS__ \
	}

static const struct shape shapes[] = {
	SHAPE("elsewhere", "/usr/no/such"),
	SHAPE("none", "%/none", .few = true),
	SHAPE("no/such", "%/no/such"),
	SHAPE("detour to no/such", "/usr/..%/no/such"),
	SHAPE("file", "%/file", .few = true),
	SHAPE("detour to file", "/usr/..%/file", .few = true),
	SHAPE("detour in the view", "%/dir/../file"),
	SHAPE("detour over a file", "%/file/../file"),
	SHAPE("many slashes", "//.//%///file"),
	SHAPE("file/", "%/file/"),
	SHAPE("file/x", "%/file/x"),
	SHAPE("dir", "%/dir", .few = true),
	SHAPE("dir/", "%/dir//"),
	SHAPE("dir/.", "%/dir/."),
	SHAPE("dir/..", "%/dir/.."),
	SHAPE("full", "%/full"),
	SHAPE("link", "%/link", .few = true),
	SHAPE("link/", "%/link/"),
	SHAPE("detour to link", "/usr/..%/link"),
	SHAPE("link out and back", "%/out%/file"),
	SHAPE("detour to a link elsewhere", "%/../../proc/mounts", .few = true),
	SHAPE("dangling", "%/dangling", .few = true),
	SHAPE("dangling/", "%/dangling/"),
	SHAPE("loop", "%/loop"),
	SHAPE("loop/x", "%/loop/x"),
	SHAPE("long name", long_name),
	SHAPE("long path", long_path),
	SHAPE("too long path", too_long_path),
	SHAPE("empty", ""),
	SHAPE("NULL", NULL),
	SHAPE("no address", (const char *)1),
	SHAPE("from dir", "file", .start = IN_DIR, .few = true),
	SHAPE("none from dir", "none", .start = IN_DIR),
	SHAPE("up from dir", "dir/../file", .start = IN_DIR),
	SHAPE("empty from dir", "", .start = IN_DIR, .few = true),
	SHAPE("from root", "~/file", .start = IN_ROOT),
	SHAPE("up from root", "../~/file", .start = IN_ROOT),
	SHAPE("from no directory", "file", .start = IN_NO_DIRECTORY),
	SHAPE("up from no directory", "../file", .start = IN_NO_DIRECTORY),
	SHAPE("from a file", "x", .start = IN_FILE),
	SHAPE("by cwd", "file", .cwd = "%"),
	SHAPE("dangling by cwd", "dangling", .cwd = "%"),
	SHAPE("up by cwd", "../file", .cwd = "%/dir"),
	SHAPE("by cwd /", "~/file", .cwd = "/"),
};

/* The further arguments. */
static const struct arguments {
	const char *label, *word;
	long number;
	bool null;
	long size;
} arguments[] = {
	{ "", "r", 0, false, 4096 },
	{ ", w 0x41", "w", 0x41, false, 4 },	      /* O_CREAT | O_WRONLY */
	{ ", a 0x100", "a", 0x100, false, 1 },	      /* AT_SYMLINK_NOFOLLOW */
	{ ", r+ 0x200", "r+", 0x200, false, 30 },     /* O_TRUNC, AT_REMOVEDIR */
	{ ", wx 0x4c1", "wx", 0x4c1, false, 0 },      /* O_EXCL; AT_SYMLINK_FOLLOW */
	{ ", NULL 0x1000", "r", 0x1000, true, 4096 }, /* AT_EMPTY_PATH */
};

/* What a call was given that it may write to. */
static char room[8192], template[PATH_MAX + 16];
static struct tm tm;
static bool needs_no_path;
static struct outcome *outcome; /* shared with the child, where there are faults */
static unsigned every, first, drawn, taken, problems;

/* Whether the call leaves to the system what it was, with a path that is there or is none. */
static bool is_safe(const char *name, const struct shape *shape,
		    const struct arguments *more)
{
	const bool nothing = !strcmp(shape->label, "elsewhere") ||
			     !strcmp(shape->label, "none");

	if (!strcmp(name, "acct") || !strcmp(name, "swapon"))
		return nothing;
	return strcmp(name, "mount") != 0 || more == arguments;
}

/* -- Calls -- */

/* Notes where a walk has come to, and ends it where that is the whole of the system. */
static int note(const char *path, int type)
{
	static size_t len;
	static unsigned calls;

	if (strncmp(path, dir, strlen(dir)) != 0 || strstr(path, "/out/"))
		return 1;
	len += (size_t)snprintf(room + len, sizeof room - len, "%d%s ", type,
				path + strlen(dir));
	return ++calls > 12;
}

static int function(const char *path, const struct stat *st, int type)
{
	(void)st;
	return note(path, type);
}

/* FTW_SKIP_SUBTREE, and FTW_SKIP_SIBLINGS. */
static int skips(const char *path, const struct stat *st, int type)
{
	(void)st;
	return note(path, type) ? 1 : 2;
}

static int passes(const char *path, const struct stat *st, int type)
{
	(void)st;
	return note(path, type) ? 1 : 3;
}

/* Without what is random in a name. */
static void print_string(const char *text)
{
	const char *random = strstr(text, template[0] ? "." : "//none");

	printf(" \"%.*s%s\"", random ? (int)(random - text) : (int)strlen(text), text,
	       random ? ".*" : "");
}

static void print_time(const char *what, const struct tm *when)
{
	printf(" %s %d:%02d", what, when->tm_hour, when->tm_min);
}

static void print_result(const char *returns, long ret, int error)
{
	const bool pointer = strcmp(returns, "number") != 0;
	const time_t zero = 0;
	char cwd[PATH_MAX];

	if (!strcmp(returns, "tm") && ret)
		print_time("tm", (const struct tm *)ret);
	else if (!strcmp(returns, "string") && ret)
		print_string((const char *)(intptr_t)ret);
	else if (!strcmp(returns, "none"))
		printf("done");
	else if (pointer)
		printf("%s", ret ? "something" : "NULL");
	else if ((int)ret == 0 || (int)ret == -1)
		printf("%d", (int)ret);
	else
		printf("number");
	if (strcmp(returns, "none") != 0)
		printf(" %d", (pointer ? !ret : (int)ret == -1) ? error : 0);
	if (room[0])
		print_string(room);
	if (template[0])
		print_string(template);
	if (needs_no_path) {
		print_time("left", &tm);
		print_time("localtime", localtime(&zero));
	}
	/* Where it has gone. */
	if (getcwd(cwd, sizeof cwd))
		printf(" in %s", cwd);
	fflush(stdout);
}

/* TEXT with DIR for "%", and for "~" without its slash. */
static const char *filled(const char *text, char out[PATH_MAX])
{
	size_t len = 0;

	if (text <= (const char *)1 || !strpbrk(text, "%~"))
		return text;
	for (; *text; text++) {
		const char *part = *text == '%' ? dir : *text == '~' ? dir + 1 : NULL;

		if (part)
			len += (size_t)snprintf(out + len, PATH_MAX - len, "%s", part);
		else
			out[len++] = *text;
	}
	out[len] = '\0';
	return out;
}

static int begin(enum start start)
{
	switch (start) {
	case HERE: return AT_FDCWD;
	case IN_DIR: return open(dir, O_RDONLY | O_DIRECTORY);
	case IN_ROOT: return open("/", O_RDONLY | O_DIRECTORY);
	case IN_FILE: return open(in("file"), O_RDONLY);
	default: return 999;
	}
}

/* What WORD says that has nothing to do with a path; OTHER if it says nothing. */
static long value_of_time(const char *word, long other)
{
	static const int64_t moment = 1000000000;

	if (!strcmp(word, "time"))
		return (long)(intptr_t)&moment;
	if (!strcmp(word, "tm"))
		return (long)(intptr_t)&tm;
	if (!strcmp(word, "format"))
		return (long)(intptr_t) "%H:%M %Z";
	if (!strcmp(word, "wide"))
		return (long)(intptr_t)L"%H:%M %Z";
	if (!strcmp(word, "locale"))
		return (long)(intptr_t)newlocale(LC_ALL_MASK, "C", NULL);
	if (word[0] == '\'')
		return (long)(intptr_t)(word + 1);
	return word[0] == '=' ? strtol(word + 1, NULL, 0) : other;
}

/* What WORD says; PATH becomes its brother if it was used. */
static long value_of(const char *word, const char **path, int dirfd,
		     const struct arguments *more)
{
	static char data[4096], brother[PATH_MAX + 4];
	static const char *list[2];
	const char *now = *path;

	if (!strcmp(word, "path")) {
		if (now > (const char *)1)
			*path = strcat(strcpy(brother, now), "-2");
		return (long)(intptr_t)now;
	}
	if (!strcmp(word, "list")) {
		list[0] = now;
		return (long)(intptr_t)list;
	}
	if (!strcmp(word, "template")) {
		if (now <= (const char *)1)
			return (long)(intptr_t)now;
		return (long)(intptr_t)strcat(strcpy(template, now), ".XXXXXX");
	}
	if (!strcmp(word, "dirfd"))
		return dirfd;
	if (!strcmp(word, "word"))
		return (long)(intptr_t)more->word;
	if (!strcmp(word, "data"))
		return (long)(intptr_t)(more->null ? NULL : data);
	if (!strcmp(word, "room"))
		return (long)(intptr_t)(more->null ? NULL : room);
	if (!strcmp(word, "size"))
		return more->size;
	if (!strcmp(word, "function"))
		return (long)(intptr_t)function;
	if (!strcmp(word, "skips"))
		return (long)(intptr_t)skips;
	if (!strcmp(word, "passes"))
		return (long)(intptr_t)passes;
	if (!strcmp(word, "stream"))
		return (long)(intptr_t)stdin;
	return value_of_time(word, more->number);
}

/* Away with what an empty path as a template has made in /usr. */
static void remove_made(void)
{
	if (template[0] == '.')
		remove(template);
}

/* What came of a call with a fault. Never returns. */
static void note_outcome(const char *returns, long ret, int error)
{
	outcome->ret = ret;
	outcome->error = error;
	fault_here(false);
	if (!strcmp(returns, "string") && ret)
		snprintf(outcome->text, sizeof outcome->text, "%s",
			 (const char *)(intptr_t)ret);
	else
		memcpy(outcome->text, room, sizeof outcome->text - 1);
	remove_made();
	_exit(0);
}

/* Calls NAME with what WORDS says. Never returns. */
static void call(const char *name, char *words, const struct shape *shape,
		 const struct arguments *more)
{
	static char filled_path[PATH_MAX], cwd[PATH_MAX];
	const char *path = filled(shape->path, filled_path),
		   *returns = strtok(words, " ");
	void *symbol = dlsym(RTLD_DEFAULT, name);
	any_call *fn;
	long a[ARGUMENTS] = { 0 }, ret;
	const int dirfd = begin(shape->start);
	char *word;

	if (!symbol) {
		if (!every)
			printf("not there");
		fflush(stdout);
		_exit(0);
	}
	memcpy(&fn, &symbol, sizeof fn);
	if (chdir(shape->cwd ? filled(shape->cwd, cwd) : "/usr") < 0)
		_exit(2);
	for (int n = 0; n < ARGUMENTS && (word = strtok(NULL, " ")); n++)
		a[n] = value_of(word, &path, dirfd, more);
	tm = (struct tm){ .tm_year = 70, .tm_mday = 2 };
	alarm(SECONDS);
	if (every)
		fault_here(true);
	errno = 0;
	ret = fn(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
	if (every)
		note_outcome(returns, ret, errno);
	print_result(returns, ret, errno);
	remove_made();
	_exit(0);
}

static void call_apart(const char *name, const char *words, const struct shape *shape,
		       const struct arguments *more)
{
	static char before[4096], after[4096];
	char copy[256];
	int status;
	pid_t child;

	if (!before[0])
		describe(before, sizeof before);
	printf("%s %s%s: ", name, shape->label, more->label);
	fflush(stdout);
	child = fork();
	if (child == 0)
		call(name, strcpy(copy, words), shape, more);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		exit(2);
	if (WIFSIGNALED(status))
		printf("signal %d", WTERMSIG(status));
	describe(after, sizeof after);
	if (strcmp(before, after) != 0) {
		printf("; left%s", after);
		remove_all(dir);
		make_all();
	}
	putchar('\n');
}

/* One call, of which the ATth system call, NUMBER, fails with ERROR; AFTER is what is left then. */
static void call_with_fault(const char *name, const char *words,
			    const struct shape *shape, const struct arguments *more,
			    unsigned at, long number, int error, struct run *run,
			    char after[4096])
{
	static char before[4096];
	char copy[256];
	pid_t child;

	if (!before[0])
		describe(before, sizeof before);
	*outcome = (struct outcome){ .ret = 0 };
	fflush(stdout);
	child = fork();
	if (child == 0)
		call(name, strcpy(copy, words), shape, more);
	must(child > 0, "fork");
	trace(child, at, number, error, run);
	describe(after, 4096);
	if (strcmp(before, after) == 0) {
		after[0] = '\0';
		return;
	}
	remove_all(dir);
	make_all();
}

/* Whether it has not been asked of PLACE. */
static bool is_new(uintptr_t place)
{
	static uintptr_t known[1 << 14];
	const size_t n = sizeof known / sizeof *known;
	size_t i = place % n;

	for (; known[i]; i = (i + 1) % n)
		if (known[i] == place)
			return false;
	known[i] = place;
	return true;
}

/* Whether the call NUMBER writes to what libc has open: how much of a record is in the file
   when it fails, updwtmp(3) does not undo, nor tell. */
static bool is_writing(long number)
{
	return number == SYS_write || number == SYS_pwrite64 || number == SYS_writev ||
	       number == SYS_ftruncate;
}

/* Each system call of it fails in turn; where places are told apart, each place once. */
static void call_with_faults(const char *name, const char *words,
			     const struct shape *shape, const struct arguments *more)
{
	static char whole_after[4096], after[4096];
	static struct outcome whole_outcome;
	static struct run whole, run;
	const bool number = !strncmp(words, " number", 7);
	/* Neither what says itself what it could not do, nor what is random, nor what libc reads
	   by itself, and does without. */
	const bool exact = !needs_no_path &&
			   strcmp(shape->label, "detour to a link elsewhere") != 0 &&
			   !strstr(words, " function") && !strstr(words, " skips") &&
			   !strstr(words, " passes") && !strstr(words, " template") &&
			   strcmp(name, "bindtextdomain") != 0;
	const char *wrong;
	int error;

	if (drawn++ % every != first)
		return;
	call_with_fault(name, words, shape, more, NEVER, 0, 0, &whole, whole_after);
	whole_outcome = *outcome;
	for (unsigned at = 0; at < whole.calls; at++) {
		if (shim_code.end && !is_new(whole.place[at]))
			continue;
		for (unsigned k = 0; (error = fault_error(whole.number[at], k)) != 0;
		     k++) {
			taken++;
			call_with_fault(name, words, shape, more, at, whole.number[at],
					error, &run, after);
			wrong = judge(&run, outcome,
				      number ? outcome->ret == -1 : !outcome->ret, exact,
				      &whole, &whole_outcome);
			/* libc may die of these, later than it would have failed. */
			if (wrong && shape->path <= (const char *)1 &&
			    WIFSIGNALED(run.status))
				wrong = NULL;
			if (!wrong && after[0] && !is_writing(run.failed) &&
			    strcmp(after, whole_after) != 0)
				wrong = after;
			if (!wrong)
				continue;
			problems++;
			printf("%s %s%s: system call %ld, the %uth, %d: %s\n", name,
			       shape->label, more->label, whole.number[at], at, error,
			       wrong);
		}
	}
}

/* All of the input at once: the children share where it is read. */
static char *read_all(void)
{
	static char text[65536];

	return fread(text, 1, sizeof text - 1, stdin) ? text : NULL;
}

static void make_long_paths(void)
{
	const size_t len = strlen(dir);

	memset(long_path, '/', sizeof long_path - 1);
	memcpy(long_path, dir, len);
	memcpy(long_path + sizeof long_path - 5, "file", 4);
	memset(too_long_path, '/', sizeof too_long_path - 1);
	memcpy(too_long_path, dir, len);
	memcpy(too_long_path + sizeof too_long_path - 5, "file", 4);
	snprintf(long_name, sizeof long_name, "%s/%0*d", dir, NAME_MAX + 1, 0);
}

int main(int argc, char **argv)
{
	char *text = read_all(), *line, name[128];

	if (!text || argc < 2 || argc > 4 || strncmp(argv[1], "/tmp/", 5))
		return 2;
	dir = argv[1];
	if (argc > 2) {
		every = argc == 3 ? 1 : (unsigned)strtoul(argv[2], NULL, 10);
		first = argc == 3 ? 0 : (unsigned)strtoul(argv[3], NULL, 10) % every;
		if (argc == 3)
			dl_iterate_phdr(find_shim, NULL);
		outcome = mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		must(outcome != MAP_FAILED, "mmap");
		if (NUMBER < 0)
			return 77;
	}
	make_long_paths();
	make_all();
	while ((line = strsep(&text, "\n")) && *line) {
		const char *words = line + strcspn(line, " ");
		const bool more = strstr(words, " word") || strstr(words, " number") ||
				  strstr(words, " data") || strstr(words, " size");
		const bool from = strstr(words, " dirfd");

		needs_no_path = strstr(words, " time") || strstr(words, " tm") ||
				strstr(words, " '") || strstr(words, " locale");

		snprintf(name, sizeof name, "%.*s", (int)(words - line), line);
		for (size_t k = 0; k < sizeof arguments / sizeof *arguments; k++)
			for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
				if ((k == 0 || (more && shapes[i].few)) &&
				    (from || shapes[i].start == HERE) &&
				    (!needs_no_path || (k == 0 && i == 0)) &&
				    is_safe(name, &shapes[i], &arguments[k]))
					(every ? call_with_faults : call_apart)(
						name, words, &shapes[i], &arguments[k]);
	}
	remove_all(dir);
	if (every)
		printf("%u faults, %u problems\n", taken, problems);
	return 0;
}
