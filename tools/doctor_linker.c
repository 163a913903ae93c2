/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks each dynamic linker what it would load for a program, without running the program;
 * see doctor.h.
 */
#include "doctor.h"
#include "preload_list.h"
#include "program.h"
#include "remedy.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The linkers' paths (PT_INTERP); musl's are searched for. */
static const char *const names[] = {
	"/lib64/ld-linux-x86-64.so.2",
	"/lib/ld-linux.so.2",
	"/libx32/ld-linux-x32.so.2",
	"/lib/ld-linux-aarch64.so.1",
	"/lib/ld-linux-armhf.so.3",
	"/lib/ld-linux-riscv64-lp64d.so.1",
	"/lib64/ld64.so.2",
	"/lib/ld64.so.1",
};

enum { ANSWER = 16384, SECONDS = 10, NOT_ASKED = 126, NO_LINKER = 127 };

/* In the child: has LINKER list what it would load, with WORD to be preloaded. */
static void list(const struct linker *linker, const char *word, int out)
{
	char preload[PATH_MAX + 16];
	char *envp[] = { (char *)"LC_ALL=C", NULL, NULL };
	/* Any library will do for a program; musl is one with its linker. */
	char *argv[] = { (char *)linker->path, (char *)"--list",
			 (char *)(linker->musl ? linker->path : "libc.so.6"), NULL };
	int null = open("/dev/null", O_RDONLY);

	if (word) {
		snprintf(preload, sizeof preload, "LD_PRELOAD=%s", word);
		envp[1] = preload;
	}
	dup2(null, 0);
	dup2(out, 1);
	dup2(out, 2);
	alarm(SECONDS);
	execve(linker->path, argv, envp);
	_exit(errno == ENOENT || errno == ENOEXEC ? NO_LINKER : NOT_ASKED);
}

/* What depends on its answer is not known then. Returns false. */
static bool say_unasked(const char *path, int error)
{
	doctor_say(DOCTOR_WARNING, "library", path,
		   "cannot be asked what it loads, so that is unknown",
		   error ? remedy_of(error) : NULL);
	return false;
}

/* Reads the linker's output into ANSWER bytes at TEXT; false: it failed. */
static bool ask(const struct linker *linker, const char *word, char *text)
{
	size_t have = 0;
	int fds[2], status = 0, error;
	ssize_t n = 0;
	pid_t child;

	text[0] = '\0';
	if (pipe2(fds, O_CLOEXEC) < 0)
		return say_unasked(linker->path, errno);
	child = fork();
	if (child == 0)
		list(linker, word, fds[1]);
	error = errno;
	close(fds[1]);
	while (child > 0 && have < ANSWER - 1 &&
	       (n = read(fds[0], text + have, ANSWER - 1 - have)) > 0)
		have += (size_t)n;
	text[have] = '\0';
	if (child > 0 && n < 0)
		error = errno;
	close(fds[0]);
	if (child > 0)
		waitpid(child, &status, 0);
	if (child < 0 || n < 0)
		return say_unasked(linker->path, error);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_ASKED)
		return say_unasked(linker->path, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The shim's path in TEXT, which is in a line with a tab. */
static bool find_path(const char *text, char *out)
{
	static const char name[] = "/" PRELOAD_SHIM;
	const char *end = text, *begin;

	while ((end = strstr(end, name))) {
		const char *line = memrchr(text, '\n', (size_t)(end - text));

		line = line ? line + 1 : text;
		end += sizeof name - 1;
		if (*line != '\t')
			continue;
		begin = end;
		while (begin > line && !strchr(" \t", begin[-1]))
			begin--;
		snprintf(out, PATH_MAX, "%.*s", (int)(end - begin), begin);
		return true;
	}
	return false;
}

bool linker_loads(const struct linker *linker, const char *word, char *out)
{
	char text[ANSWER], refused[128];

	out[0] = '\0';
	snprintf(refused, sizeof refused, " from %s cannot be preloaded",
		 word ? "LD_PRELOAD" : PRELOAD_FILE);
	return ask(linker, word, text) && !strstr(text, refused) && find_path(text, out);
}

static size_t add(const struct shim *shim, const char *path, bool musl,
		  struct linker *linker)
{
	static struct program program;
	char text[ANSWER];
	const int error = program_inspect(path, &program);

	if (error && error != ENOENT && error != ENOTDIR)
		say_unasked(path, error);
	if (error || !program.known)
		return 0;
	*linker = (struct linker){
		.class = program.class,
		.musl = musl,
	};
	snprintf(linker->path, sizeof linker->path, "%s", path);
#ifdef __GLIBC__
	linker->own = !musl;
#else
	linker->own = musl;
#endif
	linker->own &= program.class == shim->program.class &&
		       program.machine == shim->program.machine;
	/* A linker without its libc, or for another machine, cannot start programs. */
	return ask(linker, NULL, text);
}

size_t linkers_find(const struct shim *shim, struct linker out[LINKERS])
{
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;

	for (size_t i = 0; i < sizeof names / sizeof *names && n < LINKERS; i++)
		n += add(shim, names[i], false, &out[n]);
	dir = opendir("/lib");
	if (!dir)
		return n;
	while (n < LINKERS && (entry = readdir(dir))) {
		char path[256 + sizeof "/lib/"];

		if (strncmp(entry->d_name, "ld-musl-", 8) != 0)
			continue;
		snprintf(path, sizeof path, "/lib/%s", entry->d_name);
		if (strlen(path) < sizeof out->path)
			n += add(shim, path, true, &out[n]);
	}
	closedir(dir);
	return n;
}

const char *linker_programs(const struct linker *linker)
{
	if (linker->musl)
		return linker->class == ELFCLASS32 ? "32-bit programs that use musl" :
						     "64-bit programs that use musl";
	return linker->class == ELFCLASS32 ? "32-bit programs" : "64-bit programs";
}
