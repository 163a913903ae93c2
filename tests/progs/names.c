/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes names for temporary files, and says what came of it.
 *
 *     names template CALL TEMPLATE [SUFFIX [FLAGS]]   mkstemp and its kin
 *     names tempnam DIR PREFIX            "-" is NULL
 *     names tmpnam                        into a buffer, then into libc's own
 *     names tmpfile [64]
 *     names many N                        N names from tmpnam_r, one a line
 *     names unique N                      how many of N are drawn twice, by two
 *                                         processes of two threads each
 *     names fork                          a name from parent and child each
 *
 * Random letters are printed as "?" where the outputs of two runs are compared.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Found at run time: the linker warns of their use. */
static char *(*the_tmpnam)(char *name);
static char *(*the_tmpnam_r)(char *name);
static char *(*the_tempnam)(const char *dir, const char *prefix);

static void *find(const char *name)
{
	return dlsym(RTLD_DEFAULT, name);
}

static void print_error(void)
{
	printf("%s\n", strerrorname_np(errno));
}

/* What stands under NAME. */
static void print_made(const char *name)
{
	struct stat st;

	if (lstat(name, &st) < 0)
		printf("made: %s\n", strerrorname_np(errno));
	else
		printf("made: mode %o owner %u links %lu size %ld\n",
		       (unsigned)st.st_mode, (unsigned)st.st_uid,
		       S_ISDIR(st.st_mode) ? 0UL : (unsigned long)st.st_nlink,
		       S_ISDIR(st.st_mode) ? 0L : (long)st.st_size);
}

enum { TRIES = 8 };

/*
 * The TEMPLATE with "?" for each X that was replaced in one of the NAMES. One
 * alone would not tell: a random letter may be an X.
 */
static void print_names(const char *template, char *const *names)
{
	printf("name: ");
	for (size_t i = 0; template[i]; i++) {
		bool replaced = false;

		for (int t = 0; t < TRIES; t++) {
			if (strlen(names[t]) != strlen(template) && *names[t])
				printf("(length of %s)", names[t]);
			replaced |= *names[t] && names[t][i] != template[i];
		}
		putchar(replaced && template[i] == 'X' ? '?' : template[i]);
		if (replaced && template[i] != 'X')
			printf("(changed)");
	}
	if (*template && !*names[0])
		printf(" (emptied)");
	putchar('\n');
}

/* Calls the function F of name CALL; whether it made something. */
static bool make(void *f, const char *call, char *name, int suffix, int flags, int *fd)
{
	char *ret;

	*fd = -1;
	if (!strncmp(call, "mkostemps", 9))
		*fd = ((int (*)(char *, int, int))f)(name, suffix, flags);
	else if (!strncmp(call, "mkstemps", 8))
		*fd = ((int (*)(char *, int))f)(name, suffix);
	else if (!strncmp(call, "mkostemp", 8))
		*fd = ((int (*)(char *, int))f)(name, flags);
	else if (!strncmp(call, "mkstemp", 7))
		*fd = ((int (*)(char *))f)(name);
	if (!strncmp(call, "mko", 3) || !strncmp(call, "mks", 3))
		return *fd >= 0;
	ret = ((char *(*)(char *))f)(name);
	if (ret && ret != name)
		printf("not what was given\n");
	return ret && *ret;
}

static int by_template(const char *call, const char *template, int suffix, int flags)
{
	void *f = find(call);
	char *names[TRIES];

	if (!f)
		return 2;
	for (int t = 0; t < TRIES; t++) {
		int fd;

		names[t] = strdup(template);
		errno = 0;
		if (!make(f, call, names[t], suffix, flags, &fd))
			print_error();
		else if (errno)
			printf("errno was changed\n");
		else
			print_made(names[t]);
		if (fd >= 0)
			printf("flags: %#x %#x\n", (unsigned)fcntl(fd, F_GETFL),
			       (unsigned)fcntl(fd, F_GETFD));
	}
	print_names(template, names);
	return 0;
}

static int by_tmpnam(void)
{
	char name[L_tmpnam + 1], first[L_tmpnam + 1];
	char *own, *again;

	memset(name, '!', sizeof name);
	if (the_tmpnam(name) != name || name[L_tmpnam] != '!' ||
	    !memchr(name, '\0', L_tmpnam))
		return 1;
	printf("%s\n", name);
	own = the_tmpnam(NULL);
	if (!own)
		return 1;
	strcpy(first, own);
	again = the_tmpnam(NULL);
	if (again != own || !strcmp(first, again))
		return 1;
	printf("%s\n%s\n", first, again);
	errno = 0;
	if (the_tmpnam_r(NULL) || errno)
		return 1;
	return access(name, F_OK) == 0;
}

static int by_tempnam(const char *dir, const char *prefix)
{
	char *name = the_tempnam(strcmp(dir, "-") ? dir : NULL,
				 strcmp(prefix, "-") ? prefix : NULL);
	char *base;
	int fixed;

	if (!name) {
		print_error();
		return 0;
	}
	/* The prefix is "file" where there is none, and cut to five bytes. */
	base = strrchr(name, '/') + 1;
	fixed = strcmp(prefix, "-") ? (int)strnlen(prefix, 5) : 4;
	printf("%.*s %.*s %s\n", (int)(base - name), name, fixed, base, base + fixed);
	free(name);
	return 0;
}

static int by_tmpfile(bool large)
{
	FILE *f = large ? tmpfile64() : tmpfile();
	char back[16] = "";
	struct stat st, tmp;

	if (!f) {
		print_error();
		return 0;
	}
	fputs("hello", f);
	rewind(f);
	if (!fgets(back, sizeof back, f) || fstat(fileno(f), &st) < 0 ||
	    stat("/tmp", &tmp) < 0)
		return 1;
	printf("%s, mode %o, links %lu, %s /tmp\n", back, (unsigned)st.st_mode,
	       (unsigned long)st.st_nlink, st.st_dev == tmp.st_dev ? "in" : "not in");
	return fclose(f);
}

static int many(long n)
{
	char name[L_tmpnam];

	while (n-- > 0) {
		if (!the_tmpnam_r(name))
			return 1;
		puts(name);
	}
	return 0;
}

/* One thread's part of the names, each as a number of 64 bits. */
struct part {
	uint64_t *at, *end;
};

static void *draw(void *arg)
{
	struct part *part = arg;
	char name[L_tmpnam];

	for (; part->at < part->end && the_tmpnam_r(name); part->at++) {
		uint64_t hash = 0xcbf29ce484222325;

		for (const char *c = name; *c; c++)
			hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
		*part->at = hash;
	}
	return NULL;
}

/* Draws N names with two threads; whether all were made. */
static bool draw_all(uint64_t *at, long n)
{
	struct part part[2] = { { at, at + n / 2 }, { at + n / 2, at + n } };
	pthread_t thread;

	if (pthread_create(&thread, NULL, draw, &part[0]))
		return false;
	draw(&part[1]);
	pthread_join(thread, NULL);
	return part[0].at == part[0].end && part[1].at == part[1].end;
}

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int unique(long n)
{
	size_t size = (size_t)n * sizeof(uint64_t);
	uint64_t *all = mmap(NULL, size, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long twice = 0;
	int status;
	pid_t pid;

	if (all == MAP_FAILED)
		return 1;
	pid = fork();
	if (pid == 0)
		_exit(!draw_all(all, n / 2));
	if (!draw_all(all + n / 2, n - n / 2) || waitpid(pid, &status, 0) != pid ||
	    status)
		return 1;
	qsort(all, (size_t)n, sizeof *all, compare);
	for (long i = 1; i < n; i++)
		twice += all[i] == all[i - 1];
	printf("%ld of %ld drawn twice\n", twice, n);
	return 0;
}

static int forked(void)
{
	char name[L_tmpnam];

	/* Whatever is drawn ahead must not be drawn again by the child. */
	the_tmpnam_r(name);
	fflush(stdout);
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			puts(the_tmpnam_r(name));
			fflush(stdout);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	puts(the_tmpnam_r(name));
	return 0;
}

int main(int argc, char **argv)
{
	the_tmpnam = (char *(*)(char *))find("tmpnam");
	the_tmpnam_r = (char *(*)(char *))find("tmpnam_r");
	the_tempnam = (char *(*)(const char *, const char *))find("tempnam");
	if (argc > 3 && !strcmp(argv[1], "template"))
		return by_template(argv[2], argv[3], argc > 4 ? atoi(argv[4]) : 0,
				   argc > 5 ? (int)strtol(argv[5], NULL, 0) : 0);
	if (argc == 2 && !strcmp(argv[1], "tmpnam"))
		return by_tmpnam();
	if (argc == 4 && !strcmp(argv[1], "tempnam"))
		return by_tempnam(argv[2], argv[3]);
	if (argc >= 2 && !strcmp(argv[1], "tmpfile"))
		return by_tmpfile(argc == 3);
	if (argc == 3 && !strcmp(argv[1], "many"))
		return many(atol(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "unique"))
		return unique(atol(argv[2]));
	if (argc == 2 && !strcmp(argv[1], "fork"))
		return forked();
	return 2;
}
