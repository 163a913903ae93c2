/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks trees and expands patterns, and says all that comes back, sorted where
 * the file system decides the order.
 *
 *     walkers nftw FLAGS DIR [MOST [STOP]]   MOST descriptors; stops after STOP
 *     walkers ftw DIR
 *     walkers find NAME DIR            nftw: where entries called NAME are
 *     walkers fts OPTIONS DIR...       p, l: physical, logical; n: NOCHDIR
 *     walkers glob FLAGS PATTERN...    the second and later ones are appended
 *     walkers wordexp WORDS...         the second and later ones are appended
 */
#include <errno.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wordexp.h>

static const char *wanted;
static int left = -1;

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	char cwd[4096];

	if (wanted) {
		if (!strcmp(path + ftw->base, wanted))
			puts(path);
		return 0;
	}
	printf("%s %d base %d level %d mode %o in %s\n", path, type, ftw->base,
	       ftw->level, type == FTW_NS ? 0 : (unsigned)st->st_mode,
	       getcwd(cwd, sizeof cwd) ? cwd : "?");
	return --left == 0 ? 42 : 0;
}

static int visit_plainly(const char *path, const struct stat *st, int type)
{
	(void)st;
	printf("%s %d\n", path, type);
	return 0;
}

static int by_fts(const char *letters, char **paths)
{
	int options = strchr(letters, 'l') ? FTS_LOGICAL : FTS_PHYSICAL;
	FTS *fts;
	FTSENT *e;
	struct stat st;

	if (strchr(letters, 'n'))
		options |= FTS_NOCHDIR;
	fts = fts_open(paths, options, NULL);
	if (!fts)
		return 1;
	while ((e = fts_read(fts)))
		printf("%s len %d name %s info %d level %d reached %d\n", e->fts_path,
		       e->fts_pathlen, e->fts_name, e->fts_info, e->fts_level,
		       lstat(e->fts_accpath, &st));
	return fts_close(fts);
}

static int by_glob(int flags, char **patterns)
{
	glob_t found;
	int ret = 0;

	memset(&found, 0, sizeof found);
	for (int i = 0; patterns[i]; i++) {
		ret = glob(patterns[i], flags | (i ? GLOB_APPEND : 0), NULL, &found);
		printf("%s: %d\n", patterns[i], ret);
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		puts(found.gl_pathv[i]);
	globfree(&found);
	return 0;
}

static int by_wordexp(char **words)
{
	wordexp_t found;

	memset(&found, 0, sizeof found);
	for (int i = 0; words[i]; i++) {
		int ret = wordexp(words[i], &found, i ? WRDE_APPEND : 0);

		printf("%s: %d\n", words[i], ret);
		/* glibc's does not always survive being appended to then. */
		if (ret)
			memset(&found, 0, sizeof found);
	}
	for (size_t i = 0; i < found.we_wordc; i++)
		puts(found.we_wordv[i]);
	wordfree(&found);
	return 0;
}

int main(int argc, char **argv)
{
	const char *call = argc > 2 ? argv[1] : "";
	int ret;

	if (!strcmp(call, "nftw") && argc > 3) {
		left = argc > 5 ? atoi(argv[5]) : -1;
		ret = nftw(argv[3], visit, argc > 4 ? atoi(argv[4]) : 10,
			   (int)strtol(argv[2], NULL, 0));
		printf("nftw: %d\n", ret);
		return 0;
	}
	if (!strcmp(call, "find") && argc > 3) {
		wanted = argv[2];
		return nftw(argv[3], visit, 10, FTW_PHYS) != 0;
	}
	if (!strcmp(call, "ftw")) {
		printf("ftw: %d\n", ftw(argv[2], visit_plainly, 10));
		return 0;
	}
	if (!strcmp(call, "fts"))
		return by_fts(argv[2], argv + 3);
	if (!strcmp(call, "glob"))
		return by_glob((int)strtol(argv[2], NULL, 0), argv + 3);
	if (!strcmp(call, "wordexp"))
		return by_wordexp(argv + 2);
	return 2;
}
