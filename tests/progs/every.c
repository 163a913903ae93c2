/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * every DIR: calls functions of libc by their names, each in a process of its own and
 * with each of some paths: elsewhere, and in the directory DIR below /tmp, plainly and
 * by a detour, where nothing is and where a file is. Standard input has a line for each
 * function, "NAME RETURNS ARGUMENT..."; RETURNS is "pointer" or another word, and an
 * ARGUMENT
 *   path    the path, or its brother if there was one before
 *   dirfd   AT_FDCWD
 *   word    the string "r"
 *   data    zeros
 *   stream  standard input
 *   number  0
 * Prints "NAME PATH: RESULT ERROR" for each, or "NAME PATH: signal NUMBER".
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 8, SECONDS = 10 };

typedef long any_call(long, long, long, long, long, long, long, long);

/* Whether the call leaves a file that is there what it is to the system. */
static bool spares_files(const char *name)
{
	return strcmp(name, "acct") && strcmp(name, "swapon");
}

static void make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	if (fd < 0 || write(fd, "x", 1) != 1)
		exit(2);
	close(fd);
}

static void print_result(bool pointer, long ret, int error)
{
	if (pointer)
		printf("%s", ret ? "something" : "NULL");
	else if ((int)ret == 0 || (int)ret == -1)
		printf("%d", (int)ret);
	else
		printf("number");
	printf(" %d\n", (pointer ? !ret : (int)ret == -1) ? error : 0);
	fflush(stdout);
}

/* Calls NAME with what WORDS says. Never returns. */
static void call(const char *name, char *words, const char *path)
{
	static char data[4096], brother[1024 + 2];
	void *symbol = dlsym(RTLD_DEFAULT, name);
	any_call *fn;
	long argument[ARGUMENTS] = { 0 }, ret;
	bool pointer = !strcmp(strtok(words, " "), "pointer"), second = false;
	int n = 0;

	if (!symbol) {
		puts("not there");
		fflush(stdout);
		_exit(0);
	}
	memcpy(&fn, &symbol, sizeof fn);
	stpcpy(stpcpy(brother, path), "-2");
	for (char *word; n < ARGUMENTS && (word = strtok(NULL, " ")); n++) {
		if (!strcmp(word, "path")) {
			argument[n] = (long)(intptr_t)(second ? brother : path);
			second = true;
		} else if (!strcmp(word, "dirfd")) {
			argument[n] = AT_FDCWD;
		} else if (!strcmp(word, "word")) {
			argument[n] = (long)(intptr_t) "r";
		} else if (!strcmp(word, "data")) {
			argument[n] = (long)(intptr_t)data;
		} else if (!strcmp(word, "stream")) {
			argument[n] = (long)(intptr_t)stdin;
		}
	}
	alarm(SECONDS);
	errno = 0;
	ret = fn(argument[0], argument[1], argument[2], argument[3], argument[4],
		 argument[5], argument[6], argument[7]);
	print_result(pointer, ret, errno);
	_exit(0);
}

static void call_apart(const char *name, const char *words, const char *path)
{
	char copy[256];
	int status;
	pid_t child;

	printf("%s %s: ", name, path);
	fflush(stdout);
	child = fork();
	if (child == 0)
		call(name, strcpy(copy, words), path);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		exit(2);
	if (WIFSIGNALED(status))
		printf("signal %d\n", WTERMSIG(status));
}

/* All of the input at once: the children share where it is read. */
static char *read_all(void)
{
	static char text[65536];

	return fread(text, 1, sizeof text - 1, stdin) ? text : NULL;
}

int main(int argc, char **argv)
{
	char path[5][1024], moved[1024 + 2], name[128];
	char *text = read_all(), *line;

	if (!text || argc != 2 || strncmp(argv[1], "/tmp/", 5) || mkdir(argv[1], 0700))
		return 2;
	snprintf(path[0], sizeof path[0], "/usr/no/such");
	snprintf(path[1], sizeof path[1], "%s/no/such", argv[1]);
	snprintf(path[2], sizeof path[2], "/usr/..%s/no/such", argv[1]);
	snprintf(path[3], sizeof path[3], "%s/file", argv[1]);
	snprintf(path[4], sizeof path[4], "/usr/..%s/file", argv[1]);
	snprintf(moved, sizeof moved, "%s-2", path[3]);
	while ((line = strsep(&text, "\n")) && *line) {
		snprintf(name, sizeof name, "%.*s", (int)strcspn(line, " "), line);
		for (int i = 0; i < (spares_files(name) ? 5 : 3); i++) {
			make_file(path[3]);
			call_apart(name, line + strlen(name), path[i]);
			unlink(path[3]);
			unlink(moved);
		}
	}
	return rmdir(argv[1]) != 0;
}
