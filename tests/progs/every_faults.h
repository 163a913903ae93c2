/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A call, in a child of ours, of which one system call fails: by ptrace(2), from where the
 * child has stopped itself (fault_here) to where it does so again, or becomes another
 * program. Its own children are left alone.
 */
#ifndef EVERY_FAULTS_H
#define EVERY_FAULTS_H

#include "faults.h"

#include <link.h>
#include <signal.h>

enum { CALLS = 512, NEVER = CALLS };

/* What came of a call. */
struct run {
	unsigned calls;	    /* of the system */
	long number[CALLS]; /* of each */
	uintptr_t place[CALLS];
	long failed;	 /* of that which was made to fail */
	int status;	 /* of the child */
	bool came_back;	 /* rather than to become another program, or to die */
	char begin[512]; /* what the process was before, and at the end: */
	char end[512];	 /* descriptors, signals, umask, directory */
};

/* The shim's code, or none: then places are not told apart. */
static struct code shim_code;

static int find_shim(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	if (!strstr(info->dlpi_name, "libprivtmp"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD &&
		    info->dlpi_phdr[i].p_flags & PF_X) {
			shim_code.begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			shim_code.end = shim_code.begin + info->dlpi_phdr[i].p_memsz;
		}
	return 1;
}

/* Where the child begins, and where it ends. */
static void fault_here(bool begin)
{
	if (begin && ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(77);
	kill(getpid(), SIGSTOP);
}

/* The lines of /proc/PID/status about signals and the umask. */
static size_t describe_status(pid_t pid, char *out, size_t size)
{
	char path[64], line[256];
	size_t len = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof line, file)) {
		if (strncmp(line, "SigBlk", 6) && strncmp(line, "SigIgn", 6) &&
		    strncmp(line, "SigCgt", 6) && strncmp(line, "Umask", 5))
			continue;
		line[strcspn(line, "\n")] = '\0';
		len += (size_t)snprintf(out + len, size - len, " %.30s", line);
	}
	fclose(file);
	return len;
}

/* What a process has and is: each descriptor but for the standard ones by its file's type and
   size, so that another file by the same name is another one. */
static void describe_process(pid_t pid, char *out, size_t size)
{
	size_t len = describe_status(pid, out, size);
	char path[64], cwd[PATH_MAX];
	struct stat st;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/cwd", (int)pid);
	n = readlink(path, cwd, sizeof cwd);
	if (n > 0 && len < size)
		len += (size_t)snprintf(out + len, size - len, " %.*s",
					n < 150 ? (int)n : 150, cwd);
	for (int fd = 3; fd < 64 && len < size; fd++) {
		snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
		if (stat(path, &st) < 0)
			continue;
		len += (size_t)snprintf(out + len, size - len, " %o:%ld",
					st.st_mode & S_IFMT,
					S_ISREG(st.st_mode) ? (long)st.st_size : 0L);
	}
}

/* Where the shim makes the system call that CHILD begins. */
static uintptr_t place_at(pid_t child)
{
	struct __ptrace_syscall_info info;
	uintptr_t first;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) <= 0)
		return 0;
	return place_of(child, &info, &shim_code, &first);
}

/* Follows CHILD. The ATth system call fails with ERROR, if it is number WANTED: not another
   one, where an earlier fault has changed what comes before it. */
static void trace(pid_t child, unsigned at, long wanted, int error, struct run *run)
{
	bool entry = true, mine = false;
	int signal = 0, status;

	*run = (struct run){ .calls = 0 };
	if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) {
		run->status = status;
		return;
	}
	ptrace(PTRACE_SETOPTIONS, child, NULL,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC);
	describe_process(child, run->begin, sizeof run->begin);
	for (;;) {
		ptrace(PTRACE_SYSCALL, child, NULL, (long)signal);
		if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status))
			break;
		signal = WSTOPSIG(status);
		if (signal == SIGSTOP ||
		    status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
			run->came_back = signal == SIGSTOP;
			describe_process(child, run->end, sizeof run->end);
			ptrace(PTRACE_DETACH, child, NULL, NULL);
			waitpid(child, &status, 0);
			break;
		}
		if (signal != (SIGTRAP | 0x80))
			continue;
		signal = 0;
		if (entry && run->calls < CALLS) {
			long number = ptrace(PTRACE_PEEKUSER, child, (void *)(long)NUMBER,
					     NULL);

			if (shim_code.end && at == NEVER)
				run->place[run->calls] = place_at(child);
			mine = run->calls == at && number == wanted;
			run->number[run->calls++] = number;
			if (mine)
				run->failed = number;
			if (mine)
				fault_begin(child);
		} else if (!entry && mine) {
			fault_end(child, error);
			mine = false;
		}
		entry = !entry;
	}
	run->status = status;
}

/* What the child says of its call. */
struct outcome {
	long ret;
	int error;
	char text[4096]; /* what it was given, or returned */
};

/* Whether what came of the call with a fault is right; else says what is wrong. WHOLE is
   what comes without, with WHOLE_OUTCOME; EXACT, if a text that succeeds has to be that. */
static const char *judge(const struct run *run, const struct outcome *outcome,
			 bool failed, bool exact, const struct run *whole,
			 const struct outcome *whole_outcome)
{
	static char text[1200];

	if (WIFSIGNALED(run->status)) {
		if (WIFSIGNALED(whole->status))
			return NULL;
		snprintf(text, sizeof text, "signal %d", WTERMSIG(run->status));
		return text;
	}
	if (!run->came_back)
		return whole->came_back ? "it does not come back" : NULL;
	if (failed && outcome->ret == -1 && !outcome->error &&
	    (whole_outcome->ret != -1 || whole_outcome->error))
		return "it fails without an error";
	if (exact && !failed && outcome->ret == whole_outcome->ret &&
	    strcmp(outcome->text, whole_outcome->text) != 0) {
		snprintf(text, sizeof text, "\"%.500s\", not \"%.500s\"", outcome->text,
			 whole_outcome->text);
		return text;
	}
	/* A walk cannot go back where fchdir(2) fails, in libc neither. */
	if (run->failed != SYS_fchdir && strcmp(run->end, run->begin) != 0 &&
	    (failed || strcmp(run->end, whole->end) != 0)) {
		snprintf(text, sizeof text, "it was%s and is%s", run->begin, run->end);
		return text;
	}
	return NULL;
}

#endif
