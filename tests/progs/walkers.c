/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks trees and expands patterns, and says all that comes back, sorted where
 * the file system decides the order.
 *
 *     walkers nftw FLAGS DIR [MOST [STOP]]   MOST descriptors; stops after STOP
 *     walkers ftw DIR
 *     walkers find NAME DIR            nftw: where entries called NAME are
 *     walkers fts OPTIONS DIR...       p, l: physical, logical; n: NOCHDIR; h: links among
 *                                      the arguments; d: "."; x: one file system; N: NOSTAT
 *                                      s: sorted; q: no names; i, c, o: what is ahead, at the
 *                                      start, in each directory, its names alone; a: each file
 *                                      once more; k: not "a"; f: links. S, F, u: skips "b",
 *                                      follows links, removes "empty" when they are ahead
 *     walkers deep DEPTH DIR           makes a deep tree
 *     walkers glob FLAGS PATTERN...    the second and later ones are appended
 *     walkers wordexp WORDS...         the second and later ones are appended
 *     walkers words FILE               each line by itself, and without commands
 */
#include <errno.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>
#include <stdbool.h>
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

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int fts_options(const char *letters)
{
	int options = strchr(letters, 'l') ? FTS_LOGICAL : FTS_PHYSICAL;

	options |= strchr(letters, 'n') ? FTS_NOCHDIR : 0;
	options |= strchr(letters, 'h') ? FTS_COMFOLLOW : 0;
	options |= strchr(letters, 'd') ? FTS_SEEDOT : 0;
	options |= strchr(letters, 'x') ? FTS_XDEV : 0;
	options |= strchr(letters, 'N') ? FTS_NOSTAT : 0;
	return options;
}

/* What will come. */
static void look_ahead(FTS *fts, const char *letters, int how)
{
	FTSENT *e;

	errno = 0;
	e = fts_children(fts, how);
	printf("ahead: %d\n", e ? 0 : errno);
	for (; e; e = e->fts_link) {
		printf("ahead %s info %d len %d\n", e->fts_name,
		       how == FTS_NAMEONLY ? 0 : e->fts_info, e->fts_namelen);
		if (strchr(letters, 'S') && !strcmp(e->fts_name, "b"))
			fts_set(fts, e, FTS_SKIP);
		if (strchr(letters, 'F') && e->fts_info == FTS_SL)
			fts_set(fts, e, FTS_FOLLOW);
		if (strchr(letters, 'u') && !strcmp(e->fts_name, "empty"))
			rmdir(e->fts_accpath);
	}
}

/* What comes next depends on what came. */
static void steer(FTS *fts, FTSENT *e, const char *letters)
{
	static const FTSENT *again;

	if (e->fts_info == FTS_D && strchr(letters, 'c'))
		look_ahead(fts, letters, 0);
	if (e->fts_info == FTS_D && strchr(letters, 'o'))
		look_ahead(fts, letters, FTS_NAMEONLY);
	if (e->fts_info == FTS_D && strchr(letters, 'k') && !strcmp(e->fts_name, "a"))
		fts_set(fts, e, FTS_SKIP);
	if (e->fts_info == FTS_F && strchr(letters, 'a') && e != again) {
		again = e;
		fts_set(fts, e, FTS_AGAIN);
	}
	if (e->fts_info == FTS_SL && strchr(letters, 'f'))
		fts_set(fts, e, FTS_FOLLOW);
}

static int by_fts(const char *letters, char **paths)
{
	const bool quiet = strchr(letters, 'q') != NULL;
	FTS *fts = fts_open(paths, fts_options(letters),
			    strchr(letters, 's') ? by_name : NULL);
	FTSENT *e;
	struct stat st;

	if (!fts) {
		printf("fts_open: %d\n", errno);
		return 0;
	}
	if (strchr(letters, 'i')) {
		look_ahead(fts, letters, 0);
		look_ahead(fts, letters, 5);
	}
	for (errno = 0; (e = fts_read(fts)); errno = 0) {
		printf("%s len %d name %s info %d level %d reached %d\n",
		       quiet ? "-" : e->fts_path, e->fts_pathlen,
		       quiet ? "-" : e->fts_name, e->fts_info, e->fts_level,
		       lstat(e->fts_accpath, &st));
		steer(fts, e, letters);
	}
	printf("end: %d\n", errno);
	return fts_close(fts);
}

/* A directory in a directory, with names so long, and a file and a link in the last. */
static int make_deep(int depth, const char *dir)
{
	char name[201];

	memset(name, 'n', 200);
	name[200] = '\0';
	if (chdir(dir) < 0)
		return 1;
	while (depth--)
		if (mkdir(name, 0755) < 0 || chdir(name) < 0)
			return 1;
	return symlink("/tmp", "link") < 0 || mkdir("last", 0755) < 0;
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

/* The lines of a file, which need no quoting from a shell. */
static int by_lines(const char *file)
{
	static const int all_flags[] = { 0, WRDE_NOCMD, WRDE_UNDEF | WRDE_SHOWERR };
	FILE *in = fopen(file, "r");
	char line[512];
	wordexp_t found;

	while (in && fgets(line, sizeof line, in)) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < sizeof all_flags / sizeof *all_flags; i++) {
			const int ret = wordexp(line, &found, all_flags[i]);

			printf("%s by %d: %d\n", line, all_flags[i], ret);
			for (size_t k = 0; !ret && k < found.we_wordc; k++)
				printf("%s by %d: <%s>\n", line, all_flags[i],
				       found.we_wordv[k]);
			if (!ret)
				wordfree(&found);
		}
	}
	return in ? fclose(in) : 1;
}

int main(int argc, char **argv)
{
	const char *call = argc > 2 ? argv[1] : "";
	int ret;

	/* Programs mostly look first; the shim's glance knows the path's page by then. */
	if (argc > 3 && access(argv[3], F_OK) < 0)
		errno = 0;
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
	if (!strcmp(call, "deep") && argc > 3)
		return make_deep(atoi(argv[2]), argv[3]);
	if (!strcmp(call, "glob"))
		return by_glob((int)strtol(argv[2], NULL, 0), argv + 3);
	if (!strcmp(call, "words"))
		return by_lines(argv[2]);
	if (!strcmp(call, "wordexp"))
		return by_wordexp(argv + 2);
	return 2;
}
