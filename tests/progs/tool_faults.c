/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command privtmp, in which what seldom fails does:
 *
 *     LACKING=memory tool_faults ARGUMENT...   each place that allocates gets no memory, once
 *     LACKING=calls tool_faults ARGUMENT...    each place that makes a system call has it
 *                                              fail, once with each errno that fits
 *
 * The command runs as it is, and then again for each such place, all from one start: the
 * process forks before main. Prints how many places there were, and what is wrong with what
 * came of it: a crash, no end, or another result than without the fault of which no line
 * tells; and the exit status of the run without.
 * Places are told apart by where they return to; a loop is one. LACKING_BEFORE is a shell's
 * command before each run, and LACKING_AFTER one that fails where what is left is wrong.
 */
#include "faults.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 2048, TEXT = 1 << 16, SECONDS = 20 };

struct place {
	uintptr_t at;	/* what tells it apart */
	uintptr_t code; /* in the command, for who reads of it */
	long number;	/* of the system call */
};

/* Of all processes: the places that the run without a fault came by. */
static struct {
	unsigned n;
	struct place place[PLACES];
} * known;

static bool learns;	    /* this run does that */
static uintptr_t lacking;   /* the place that gets no memory, once */
static uintptr_t base;	    /* of the command */
static struct code code_of; /* its code */

static bool learn(uintptr_t at, uintptr_t code, long number)
{
	for (unsigned i = 0; i < known->n; i++)
		if (known->place[i].at == at)
			return false;
	if (known->n < PLACES)
		known->place[known->n++] = (struct place){ at, code, number };
	return true;
}

/* -- Memory -- */

static bool lacks(const void *site)
{
	const uintptr_t at = (uintptr_t)site;

	if (learns)
		learn(at, at, 0);
	if (at != lacking)
		return false;
	lacking = 0;
	errno = ENOMEM;
	return true;
}

/* A function of libc's that allocates, and what it returns where it cannot (local.mk). */
#define ALLOCATES(type, name, failure, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return lacks(__builtin_return_address(0)) ? failure : \
							    __real_##name arguments; \
	}
ALLOCATES(void *, malloc, NULL, (size_t size), (size))
ALLOCATES(void *, calloc, NULL, (size_t n, size_t size), (n, size))
ALLOCATES(void *, realloc, NULL, (void *at, size_t size), (at, size))
ALLOCATES(char *, strdup, NULL, (const char *s), (s))
ALLOCATES(char *, strndup, NULL, (const char *s, size_t n), (s, n))
ALLOCATES(ssize_t, getdelim, -1, (char **at, size_t *n, int end, FILE *file),
	  (at, n, end, file))
ALLOCATES(ssize_t, getline, -1, (char **at, size_t *n, FILE *file), (at, n, file))
ALLOCATES(FILE *, fopen, NULL, (const char *path, const char *mode), (path, mode))
ALLOCATES(FILE *, fdopen, NULL, (int fd, const char *mode), (fd, mode))
ALLOCATES(FILE *, fmemopen, NULL, (void *at, size_t n, const char *mode), (at, n, mode))
ALLOCATES(FILE *, open_memstream, NULL, (char **at, size_t *n), (at, n))
ALLOCATES(FILE *, fopencookie, NULL,
	  (void *of, const char *mode, cookie_io_functions_t how), (of, mode, how))
ALLOCATES(DIR *, opendir, NULL, (const char *path), (path))
ALLOCATES(DIR *, fdopendir, NULL, (int fd), (fd))
ALLOCATES(char *, realpath, NULL, (const char *path, char *out), (path, out))
ALLOCATES(int, vasprintf, -1, (char **at, const char *format, va_list args),
	  (at, format, args))

int __wrap_asprintf(char **at, const char *format, ...);
int __wrap_asprintf(char **at, const char *format, ...)
{
	va_list args;
	int ret;

	if (lacks(__builtin_return_address(0)))
		return -1;
	va_start(args, format);
	ret = __real_vasprintf(at, format, args);
	va_end(args);
	return ret;
}

/* -- System calls -- */

/* Whether a stop is that of a process that has become another program, or has ended. */
static bool is_event(int status, int event)
{
	return status >> 8 == (SIGTRAP | event << 8);
}

/*
 * Follows the processes of the command until each becomes another program. The first call
 * of PLACE fails with ERROR; without one, places are learned. Returns the status of CHILD.
 */
static int follow(pid_t child, const struct place *place, int error)
{
	pid_t pid, mine = 0;
	bool done = false;
	int status, last = -1;

	waitpid(child, &status, 0);
	fault_follow(child);
	ptrace(PTRACE_SYSCALL, child, NULL, NULL);
	while (last < 0 && (pid = waitpid(-1, &status, __WALL)) > 0) {
		struct __ptrace_syscall_info info;
		uintptr_t code = 0;
		int signal = 0;

		if (!WIFSTOPPED(status)) {
			last = pid == child ? status : last;
			continue;
		}
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
			if (info.op == PTRACE_SYSCALL_INFO_ENTRY && !place) {
				const uintptr_t at =
					place_of(pid, &info, &code_of, &code);

				learn(at, code, (long)info.entry.nr);
			} else if (info.op == PTRACE_SYSCALL_INFO_ENTRY && !done &&
				   (long)info.entry.nr == place->number &&
				   place_of(pid, &info, &code_of, &code) == place->at) {
				fault_begin(pid);
				mine = pid;
				done = true;
			} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && mine == pid) {
				fault_end(pid, error);
				mine = 0;
			}
		} else if (is_event(status, PTRACE_EVENT_EXEC)) {
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
			continue;
		} else if (status >> 16 == 0 && WSTOPSIG(status) != SIGSTOP) {
			signal = WSTOPSIG(status);
		}
		ptrace(done && !mine ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL,
		       (long)signal);
	}
	return last;
}

/* -- What comes of it -- */

struct result {
	int status;
	char out[TEXT], err[TEXT];
};

/* Writes NAME of sessions, and numbers, which differ from run to run, as "0". */
static void same_numbers(char *text_of)
{
	static const char root[] = ".privtmp-";
	char *to = text_of;

	for (const char *from = text_of; *from;) {
		const bool name = !strncmp(from, root, sizeof root - 1);

		if (!name && !isdigit((unsigned char)*from)) {
			*to++ = *from++;
			continue;
		}
		from += name ? sizeof root - 1 : 0;
		while (name ? isalnum((unsigned char)*from) || *from == '/' :
			      isdigit((unsigned char)*from) || *from == '.')
			from++;
		*to++ = '0';
	}
	*to = '\0';
}

static pid_t running;

static void too_long(int signal)
{
	(void)signal;
	kill(running, SIGKILL);
}

/* Returns in the child, which is to go on to main. */
static bool run(bool calls, const struct place *place, int error, struct result *result)
{
	const int out = memfd_create("out", MFD_CLOEXEC),
		  err = memfd_create("err", MFD_CLOEXEC);

	fflush(stdout);
	if (getenv("LACKING_BEFORE") && system(getenv("LACKING_BEFORE")) != 0)
		_exit(2);
	running = fork();
	if (running == 0) {
		dup2(out, 1);
		dup2(err, 2);
		close(out);
		close(err);
		signal(SIGALRM, SIG_DFL);
		unsetenv("LACKING");
		unsetenv("LACKING_BEFORE");
		unsetenv("LACKING_AFTER");
		learns = !calls && !place;
		lacking = !calls && place ? place->at : 0;
		if (calls) {
			ptrace(PTRACE_TRACEME, 0, NULL, NULL);
			raise(SIGSTOP);
		}
		return true;
	}
	alarm(SECONDS);
	if (calls)
		result->status = follow(running, place, error);
	else
		waitpid(running, &result->status, 0);
	alarm(0);
	fault_take(out, result->out, sizeof result->out);
	fault_take(err, result->err, sizeof result->err);
	same_numbers(result->out);
	return false;
}

/* Whether TEXT_OF has a line that says what is wrong, and that is not in WHOLE. */
static bool tells(const char *text_of, const char *whole)
{
	static const char *const words[] = { "privtmp: ", "warning: ", "problem: " },
				 *const marks[] = { "cannot be ", "unknown", "not known",
						    "0+ " };

	for (; text_of; text_of = strchr(text_of, '\n')) {
		char line[512];

		text_of += *text_of == '\n';
		snprintf(line, sizeof line, "%.*s\n", (int)strcspn(text_of, "\n"),
			 text_of);
		if (strstr(whole, line))
			continue;
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (!strncmp(line, words[i], strlen(words[i])))
				return true;
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
			if (strstr(line, marks[i]))
				return true;
	}
	return false;
}

/* What is wrong with what came of a run with a fault, or NULL. WHOLE came without. */
static const char *judge(const struct result *got, const struct result *whole)
{
	if (WIFSIGNALED(got->status))
		return WTERMSIG(got->status) == SIGKILL ? "it does not end" :
							  "it crashes";
	if (tells(got->err, whole->err) || tells(got->out, whole->out))
		return NULL;
	if (got->status != whole->status)
		return "another status, and no line tells";
	if (!getenv("LACKING_STATUS") && strcmp(got->out, whole->out) != 0)
		return "another result, and no line tells";
	return NULL;
}

static int find_text(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD &&
		    info->dlpi_phdr[i].p_flags & PF_X) {
			base = info->dlpi_addr;
			code_of.begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			code_of.end = code_of.begin + info->dlpi_phdr[i].p_memsz;
		}
	return 1; /* the command is the first */
}

__attribute__((constructor)) static void each_place(void)
{
	static struct result whole, got;
	const char *what = getenv("LACKING"), *wrong;
	const bool calls = what && !strcmp(what, "calls");
	unsigned faults_made = 0, problems = 0;

	if (!what)
		return;
	if (calls && NUMBER < 0)
		_exit(77);
	dl_iterate_phdr(find_text, NULL);
	known = mmap(NULL, sizeof *known, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGALRM, too_long);
	if (run(calls, NULL, 0, &whole))
		return;
	for (unsigned i = 0; i < known->n; i++) {
		const struct place *place = &known->place[i];

		for (unsigned k = 0; k < 3; k++) {
			const int error = calls ? fault_error(place->number, k) :
					  k	? 0 :
						  ENOMEM;

			if (!error)
				break;
			if (run(calls, place, error, &got))
				return;
			faults_made++;
			wrong = judge(&got, &whole);
			if (getenv("LACKING_AFTER") &&
			    system(getenv("LACKING_AFTER")) != 0)
				wrong = "what it leaves is wrong";
			if (!wrong)
				continue;
			problems++;
			printf("%s: at %lx, call %ld, error %d: status %x\n%s%s", wrong,
			       (unsigned long)(place->code - base), place->number, error,
			       (unsigned)got.status, got.out, got.err);
		}
	}
	printf("%u faults, %u problems; without: status %d\n", faults_made, problems,
	       WIFEXITED(whole.status) ? WEXITSTATUS(whole.status) : -1);
	fflush(stdout);
	_exit(problems != 0);
}
