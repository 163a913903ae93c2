/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program that has functions and variables of its own by names of libc's: C and POSIX leave
 * a program these where it does not use libc's. libc never calls them. Makes files in /tmp by
 * what is left, and says how that went.
 */
#include <dirent.h>
#ifdef __GLIBC__
#include <fts.h>
#endif
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wordexp.h>

static void called(const char *name)
{
	fprintf(stderr, "the program's own %s was called\n", name);
	abort();
}

#define OWN(name) \
	void own_##name(void) __asm__(#name); \
	void own_##name(void) \
	{ \
		called(#name); \
	}

/* What the shim has wrappers of. */
OWN(accept)
OWN(accept4)
OWN(bind)
OWN(chdir)
OWN(chroot)
OWN(closedir)
OWN(connect)
OWN(creat)
OWN(dladdr)
OWN(dlinfo)
OWN(fchdir)
OWN(fstatat)
OWN(getcwd)
OWN(getpeername)
OWN(getsockname)
OWN(glob)
OWN(lstat)
OWN(open)
OWN(openat)
OWN(opendir)
OWN(putenv)
OWN(readdir)
OWN(readlink)
OWN(readlinkat)
OWN(recvfrom)
OWN(recvmsg)
OWN(sendmsg)
OWN(sendto)
OWN(setenv)
OWN(stat)
OWN(symlink)
OWN(symlinkat)
OWN(sysconf)
OWN(unlink)
OWN(unlinkat)
/* What it has none of. */
OWN(clock_gettime)
OWN(close)
OWN(dirfd)
OWN(fdopen)
OWN(fdopendir)
OWN(fileno)
OWN(fstat)
OWN(fstatvfs)
OWN(fsync)
OWN(getegid)
OWN(geteuid)
OWN(getgid)
OWN(getpid)
OWN(getsockopt)
OWN(getuid)
OWN(globfree)
OWN(iconv_close)
OWN(kill)
OWN(lseek)
OWN(madvise)
OWN(memmem)
OWN(mempcpy)
OWN(memrchr)
OWN(mmap)
OWN(mprotect)
OWN(munmap)
OWN(nanosleep)
OWN(poll)
OWN(prctl)
OWN(read)
OWN(secure_getenv)
OWN(send)
OWN(sigaddset)
OWN(sigemptyset)
OWN(sigprocmask)
OWN(socket)
OWN(stpcpy)
OWN(strdup)
OWN(strnlen)
OWN(tdestroy)
OWN(tfind)
OWN(tsearch)
OWN(unsetenv)
OWN(usleep)
OWN(write)

int own_environ __asm__("environ") = 5;
int own_program __asm__("program_invocation_name") = 6;
int own_short __asm__("program_invocation_short_name") = 7;

static int entries;

static int note(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)st;
	(void)ftw;
	entries += type == FTW_F;
	return 0;
}

static void walk(void)
{
	struct dirent **list = NULL;
	wordexp_t words;

	printf("nftw %d", nftw("/tmp/own", note, 4, FTW_PHYS));
	printf(" %d", nftw("/tmp/own", note, 4, FTW_CHDIR));
	printf(", of %d\n", entries);
	printf("scandir %d\n", scandir("/tmp/own", &list, NULL, alphasort));
	if (wordexp("/tmp/own/*", &words, 0) == 0)
		printf("wordexp %zu %s\n", words.we_wordc, words.we_wordv[0]);
#ifdef __GLIBC__
	char root[] = "/tmp/own", *roots[] = { root, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL, NULL);

	for (const FTSENT *entry; fts && (entry = fts_read(fts));)
		printf("fts %s\n", entry->fts_path);
	if (fts)
		fts_close(fts);
#endif
}

int main(void)
{
	char template[] = "/tmp/own/XXXXXX", *name;
	FILE *file;

	printf("mkdir %d\n", mkdir("/tmp/own", 0700));
	printf("mkdir %d\n", mkdir("/tmp/own/d", 0700));
	printf("system %d\n", system("test -d /tmp/own/d"));
	file = fopen("/tmp/own/d/x", "w");
	printf("fopen %d\n", file && fclose(file) == 0);
	file = fopen("/tmp/own/file", "w");
	printf("fopen %d\n", file && fputs("text\n", file) >= 0 && fclose(file) == 0);
	walk();
	printf("mkstemp %d\n", mkstemp(template) > 2 && remove(template) == 0);
	name = tempnam("/tmp/own", "own");
	printf("tempnam %d\n", name && strncmp(name, "/tmp/own/own", 12) == 0);
	file = tmpfile();
	printf("tmpfile %d\n", file && fclose(file) == 0);
	printf("rename %d\n", rename("/tmp/own/file", "/tmp/own/other"));
	name = realpath("/tmp/own/../own/other", NULL);
	printf("realpath %s\n", name ? name : "none");
	file = popen("cat /tmp/own/other", "r");
	printf("popen %d\n", file && fgetc(file) == 't' && pclose(file) == 0);
	printf("variables %d %d %d\n", own_environ, own_program, own_short);
	return 0;
}
