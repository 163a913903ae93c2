/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * shim_faults SHIM COMMAND [ARG]...: runs COMMAND, with the library SHIM preloaded, and then
 * again for each place in that library, in the helper and in the mount door that makes a
 * system call: there it fails once, with each errno that fits, in whichever process of the
 * command comes by first. It is looked for in all programs that the command becomes or starts.
 *
 * Prints how many faults there were, and what is wrong with what came of one: a crash, no end,
 * a descriptor more, what others have in a shared directory changed or shown ("planted"), or
 * another result than without of which nothing tells: neither the status, nor a line on
 * standard error, nor the name of an error. FAULTS_IN=NAME in the environment: only those in
 * the library, the helper or the door of this name; FAULTS_WITH=NUMBER: those with this errno.
 * 77: not on this machine.
 *
 * Places are told apart by the call and by where it returns to, three times; a loop is one.
 */
#include "faults.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 4096, TEXT = 1 << 16, SECONDS = 15, PROCESSES = 256, LOOKS = 64 };

struct place {
	uintptr_t at;
	uintptr_t code; /* in the code, for who reads of it, and where that returns to */
	uintptr_t from;
	long number;	/* of the system call */
	const char *of; /* whose code that is */
};

static struct place places[PLACES];
static unsigned known;

static void learn(const struct place *place)
{
	for (unsigned i = 0; i < known; i++)
		if (places[i].at == place->at)
			return;
	if (known < PLACES)
		places[known++] = *place;
}

/* -- Processes -- */

/* A process of the command, and where it has our code. */
struct process {
	pid_t pid;
	struct code code;
	const char *of;
	unsigned looks;
};

static struct process processes[PROCESSES];

static struct process *process_of(pid_t pid)
{
	struct process *free_one = NULL;

	for (struct process *p = processes; p < processes + PROCESSES; p++) {
		if (p->pid == pid)
			return p;
		if (!p->pid && !free_one)
			free_one = p;
	}
	if (free_one)
		*free_one = (struct process){ .pid = pid };
	return free_one;
}

static void forget(pid_t pid)
{
	for (struct process *p = processes; p < processes + PROCESSES; p++)
		if (p->pid == pid)
			p->pid = 0;
}

/* Looks for our code in P, which may not have loaded it yet, or never does. */
static bool find_code(struct process *p)
{
	static const char *const ours[] = { "/libprivtmp", "/reaper", "/privtmp-door" };
	char path[64], line[4200], rights[8];
	unsigned long begin, end;
	FILE *file;

	if (p->code.end || p->looks++ > LOOKS)
		return p->code.end;
	snprintf(path, sizeof path, "/proc/%d/maps", (int)p->pid);
	file = fopen(path, "re");
	while (file && !p->code.end && fgets(line, sizeof line, file))
		for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
			if (strstr(line, ours[i]) &&
			    sscanf(line, "%lx-%lx %7s", &begin, &end, rights) == 3 &&
			    rights[2] == 'x') {
				p->code = (struct code){ begin, end };
				p->of = ours[i] + 1;
			}
	if (file)
		fclose(file);
	return p->code.end;
}

/* Whether it is a call of fcntl(2) that cannot fail. */
static bool is_safe(const struct __ptrace_syscall_info *info)
{
	return info->entry.nr == SYS_fcntl && info->entry.args[1] != F_DUPFD &&
	       info->entry.args[1] != F_DUPFD_CLOEXEC;
}

/* Whether P, about to make a system call, does so in our code: where. */
static bool is_ours(struct process *p, const struct __ptrace_syscall_info *info,
		    struct place *place)
{
	uintptr_t first = 0;

	if (!p || is_safe(info) || !find_code(p) ||
	    info->instruction_pointer < p->code.begin ||
	    info->instruction_pointer >= p->code.end)
		return false;
	place->at = place_of(p->pid, info, &p->code, &first);
	place->code = (uintptr_t)info->instruction_pointer - p->code.begin;
	place->from = first ? first - p->code.begin : 0;
	place->number = (long)info->entry.nr;
	place->of = p->of;
	return true;
}

static void kill_all(int signal)
{
	(void)signal;
	for (struct process *p = processes; p < processes + PROCESSES; p++)
		if (p->pid)
			kill(p->pid, SIGKILL);
}

/*
 * Follows all processes of the command, until they have ended. The first call at PLACE fails
 * with ERROR; without one, places are learned. Returns the status of CHILD.
 */
static int follow(pid_t child, const struct place *place, int error)
{
	pid_t pid, mine = 0;
	bool done = false;
	int status, last = -1;

	waitpid(child, &status, 0);
	fault_follow(child);
	process_of(child);
	ptrace(PTRACE_SYSCALL, child, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		struct process *p = process_of(pid);
		struct __ptrace_syscall_info info;
		struct place here;
		int signal = 0;

		if (!WIFSTOPPED(status)) {
			last = pid == child ? status : last;
			forget(pid);
			continue;
		}
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
			if (mine == pid && info.op == PTRACE_SYSCALL_INFO_EXIT) {
				fault_end(pid, error);
				mine = 0;
			} else if (info.op != PTRACE_SYSCALL_INFO_ENTRY || done ||
				   (place && (long)info.entry.nr != place->number) ||
				   !is_ours(p, &info, &here)) {
				;
			} else if (!place) {
				learn(&here);
			} else if (here.at == place->at) {
				fault_begin(pid);
				mine = pid;
				done = true;
			}
		} else if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
			if (p)
				*p = (struct process){ .pid = pid };
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
	char shared[4096]; /* what others have in the shared directories */
};

static void look_at(const char *path, char *text, size_t size)
{
	DIR *dir = opendir(path);
	size_t len = strlen(text);
	struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && len < size &&
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			len += (size_t)snprintf(
				text + len, size - len, "%s %o %ld\n", entry->d_name,
				st.st_mode, S_ISREG(st.st_mode) ? (long)st.st_size : 0L);
	if (dir)
		closedir(dir);
}

static void run(char *const *argv, const struct place *place, int error,
		struct result *result)
{
	const int out = memfd_create("out", MFD_CLOEXEC),
		  err = memfd_create("err", MFD_CLOEXEC);
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		/* What it starts is its own to end. */
		setpgid(0, 0);
		dup2(out, 1);
		dup2(err, 2);
		close(out);
		close(err);
		signal(SIGALRM, SIG_DFL);
		setenv("LD_PRELOAD", argv[1], 1);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	alarm(SECONDS);
	result->status = follow(child, place, error);
	alarm(0);
	fault_take(out, result->out, sizeof result->out);
	fault_take(err, result->err, sizeof result->err);
	result->shared[0] = '\0';
	look_at("/tmp", result->shared, sizeof result->shared);
	look_at("/var/tmp", result->shared, sizeof result->shared);
	look_at("/dev/shm", result->shared, sizeof result->shared);
}

/* Whether TEXT has a line of which WHOLE has none, and LOOK says yes. */
static bool has_new_line(const char *text, const char *whole, bool (*look)(const char *))
{
	char line[512];

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
		if (line[0] && !strstr(whole, line) && look(line))
			return true;
	}
	return false;
}

static bool is_number(const char *line)
{
	return line[strspn(line, "0123456789")] == '\0';
}

static bool is_planted(const char *line)
{
	return strstr(line, "planted") && !strstr(line, " E");
}

/* An error's name or text, or a sentence. */
static bool is_told(const char *line)
{
	bool begins = true;

	if (strstr(line, ": "))
		return true;
	for (; *line; begins = *line++ == ' ')
		if (begins && isupper((unsigned char)*line))
			return true;
	return false;
}

static bool is_any(const char *line)
{
	(void)line;
	return true;
}

/* What is wrong with what came of a run with a fault, or NULL. WHOLE came without. */
static const char *judge(const struct result *got, const struct result *whole)
{
	if (WIFSIGNALED(got->status) && !WIFSIGNALED(whole->status))
		return WTERMSIG(got->status) == SIGKILL ? "it does not end" :
							  "it crashes";
	if (strcmp(got->shared, whole->shared) != 0)
		return "a shared directory changed";
	if (has_new_line(got->out, whole->out, is_planted))
		return "it came to a file of others";
	if (has_new_line(got->out, whole->out, is_number))
		return "a descriptor more";
	if (got->status == whole->status && !strcmp(got->out, whole->out))
		return NULL;
	if (got->status != whole->status && WIFEXITED(got->status) &&
	    WEXITSTATUS(got->status) != 0)
		return NULL;
	if (has_new_line(got->err, whole->err, is_any) ||
	    has_new_line(got->out, whole->out, is_told))
		return NULL;
	return "another result, and nothing tells";
}

static bool is_wanted(const struct place *place)
{
	const char *only = getenv("FAULTS_IN");

	return !only || strstr(place->of, only);
}

int main(int argc, char **argv)
{
	static struct result whole, got;
	unsigned faults_made = 0, problems = 0;

	if (argc < 3)
		return 2;
	if (NUMBER < 0)
		return 77;
	signal(SIGALRM, kill_all);
	run(argv, NULL, 0, &whole);
	for (unsigned i = 0; i < known; i++)
		for (unsigned k = 0; k < 3 && is_wanted(&places[i]); k++) {
			const struct place *place = &places[i];
			const int error = fault_error(place->number, k);
			const char *wrong;

			if (!error)
				break;
			if (getenv("FAULTS_WITH") && atoi(getenv("FAULTS_WITH")) != error)
				continue;
			run(argv, place, error, &got);
			faults_made++;
			wrong = judge(&got, &whole);
			if (!wrong)
				continue;
			problems++;
			printf("%s: %s+%lx from %lx, call %ld, error %d: status %x\n%s%s",
			       wrong, place->of, (unsigned long)place->code,
			       (unsigned long)place->from, place->number, error,
			       (unsigned)got.status, got.out, got.err);
		}
	printf("%u faults, %u problems; without: status %d\n", faults_made, problems,
	       WIFEXITED(whole.status) ? WEXITSTATUS(whole.status) : -1);
	return problems != 0;
}
