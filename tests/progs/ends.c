/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ends [LIBRARY [close]]: uses /tmp before main, after it, and at the end of a
 * thread, and loads LIBRARY. Each use makes a file, and says so.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void use(const char *what)
{
	char path[64], line[96];
	int fd;

	snprintf(path, sizeof path, "/tmp/ends-%s", what);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
	snprintf(line, sizeof line, "%s: %s\n", what, fd < 0 ? "failed" : "made");
	(void)!write(1, line, strlen(line));
	if (fd >= 0)
		close(fd);
}

__attribute__((constructor)) static void begin(void)
{
	use("constructor");
}
__attribute__((destructor)) static void end(void)
{
	use("destructor");
}
static void at_exit(void)
{
	use("atexit");
}
static void on_exit_too(int status, void *arg)
{
	(void)status, (void)arg;
	use("on_exit");
}

static void end_of_key(void *arg)
{
	use(arg);
}

static void *with_key(void *arg)
{
	pthread_key_t *key = arg;

	pthread_setspecific(*key, "key");
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_key_t key;
	pthread_t thread;
	void *library = NULL;

	/* The first one registered is the last one to run. */
	atexit(at_exit);
	on_exit(on_exit_too, NULL);
	pthread_key_create(&key, end_of_key);
	pthread_create(&thread, NULL, with_key, &key);
	pthread_join(thread, NULL);
	if (argc > 1) {
		library = dlopen(argv[1], RTLD_NOW);
		if (!library) {
			fprintf(stderr, "ends: %s\n", dlerror());
			return 2;
		}
		if (argc > 2)
			dlclose(library);
	}
	use("main");
	return 0;
}
