/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that walk trees or expand patterns, and hand out every path they meet. */
#define _GNU_SOURCE
#include "driver.h"

#include <dirent.h>
#include <ftw.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wordexp.h>
#ifdef __GLIBC__
#include <fts.h>
#endif

/* A callback has no argument of its own to say when to stop. */
static long visits_left;
static bool with_cwd;

static bool first_visit;

/* The machine's own trees are large, and some of them change by themselves. */
static bool of_the_machine(const char *name, const struct stat *st)
{
	const char *device = device_name(st->st_dev);
	return strcmp(name, "var") != 0 &&
	       (strcmp(device, "/") == 0 || strcmp(device, "/proc") == 0 ||
		strcmp(device, "other") == 0);
}

static int out_visit(const char *path, const struct stat *st, int type)
{
	out_text(path);
	out("%d", type);
	if (type != FTW_NS && type != FTW_SLN) {
		out("=%s", inode_name(st->st_dev, st->st_ino));
		const char *base = strrchr(path, '/');
		if (!first_visit && of_the_machine(base ? base + 1 : path, st))
			return 43;
	}
	first_visit = false;
	return --visits_left == 0 ? 42 : 0;
}

static void start_walk(long visits)
{
	visits_left = visits;
	first_visit = true;
}

static int visit_ftw(const char *path, const struct stat *st, int type)
{
	return out_visit(path, st, type);
}

static int visit_nftw(const char *path, const struct stat *st, int type,
		      struct FTW *where)
{
	out(" %d.%d", where->base, where->level);
	/* FTW_CHDIR: relative to the directory that the walk is in. */
	char cwd[512];
	if (with_cwd)
		out(" in %s", getcwd(cwd, sizeof cwd) ? cwd : error_name(errno));
	return out_visit(path, st, type);
}

static void c_ftw(const struct args *a)
{
	start_walk(N(1, 300));
	RET_QUIET(ftw(P(0), visit_ftw, (int)N(2, 10)));
}

static void c_nftw(const struct args *a)
{
	long flags = N(1, 0);
	with_cwd = flags & FTW_CHDIR;
	start_walk(N(2, 300));
	RET_QUIET(nftw(P(0), visit_nftw, (int)N(3, 10), (int)flags));
}

#ifdef __GLIBC__
static int visit_ftw64(const char *path, const struct stat64 *st, int type)
{
	/* The same members, in a structure of another name. */
	struct stat same = { 0 };
	same.st_dev = (dev_t)st->st_dev;
	same.st_ino = (ino_t)st->st_ino;
	return out_visit(path, &same, type);
}

static int visit_nftw64(const char *path, const struct stat64 *st, int type,
			struct FTW *where)
{
	out(" %d.%d", where->base, where->level);
	return visit_ftw64(path, st, type);
}

static void c_ftw64(const struct args *a)
{
	start_walk(N(1, 300));
	RET_QUIET(ftw64(P(0), visit_ftw64, 10));
}

static void c_nftw64(const struct args *a)
{
	start_walk(N(2, 300));
	RET_QUIET(nftw64(P(0), visit_nftw64, 10, (int)N(1, 0)));
}

static long fts_options(const char *names)
{
	static const struct {
		const char *name;
		int value;
	} all[] = {
		{ "logical", FTS_LOGICAL },	{ "physical", FTS_PHYSICAL },
		{ "comfollow", FTS_COMFOLLOW }, { "nochdir", FTS_NOCHDIR },
		{ "nostat", FTS_NOSTAT },	{ "seedot", FTS_SEEDOT },
		{ "xdev", FTS_XDEV },
	};
	long value = 0;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strstr(names, all[i].name))
			value |= all[i].value;
	return value;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void out_fts_entry(const FTSENT *e, bool with_stat)
{
	out_text(e->fts_path);
	out_text(e->fts_accpath);
	out_text(e->fts_name);
	out(" info=%d level=%d errno=%s len=%d", e->fts_info, e->fts_level,
	    error_name(e->fts_errno), e->fts_pathlen);
	if (with_stat && e->fts_info != FTS_NS && e->fts_info != FTS_NSOK &&
	    e->fts_statp->st_ino)
		out("=%s", inode_name(e->fts_statp->st_dev, e->fts_statp->st_ino));
	struct stat st;
	out(" reach=%d", lstat(e->fts_accpath, &st));
}

/* fts OPTIONS PATH... */
static void c_fts(const struct args *a)
{
	char *paths[MAX_ARGS + 1] = { NULL };
	for (int i = 1; i < a->count; i++)
		paths[i - 1] = P(i);
	FTS *fts;
	bool with_stat = !strstr(a->word[0], "nostat");
	RET_POINTER(fts, fts_open(paths, (int)fts_options(a->word[0]), by_name));
	if (!fts)
		return;
	FTSENT *e;
	errno = UNTOUCHED;
	for (int n = 0; n < 300 && (e = fts_read(fts)); n++) {
		out_fts_entry(e, with_stat);
		bool foreign = with_stat && e->fts_level > 0 && e->fts_info == FTS_D &&
			       of_the_machine(e->fts_name, e->fts_statp);
		if (strcmp(e->fts_name, "empty") == 0 || foreign)
			fts_set(fts, e, FTS_SKIP);
		if (e->fts_info == FTS_SL && strcmp(e->fts_name, "lad") == 0)
			fts_set(fts, e, FTS_FOLLOW);
	}
	out(" close=%d", fts_close(fts));
}

static void c_fts_children(const struct args *a)
{
	char *paths[2] = { P(1), NULL };
	FTS *fts = fts_open(paths, (int)fts_options(a->word[0]), by_name);
	if (!fts || !fts_read(fts)) {
		out(" fts: %s", error_name(errno));
	} else {
		FTSENT *list;
		RET_POINTER(list, fts_children(fts, 0));
		for (int n = 0; n < 300 && list; n++, list = list->fts_link)
			out_text(list->fts_name);
	}
	if (fts)
		fts_close(fts);
}
#endif

static int glob_error(const char *path, int error)
{
	out(" error");
	out_text(path);
	out(" %s", error_name(error));
	return 0;
}

static void c_glob(const struct args *a)
{
	glob_t found;
	memset(&found, 0, sizeof found);
	found.gl_offs = 2;
	long flags = N(1, 0) & ~(long)GLOB_APPEND;
	RET_QUIET(glob(P(0), (int)flags, glob_error, &found));
	/* A second pattern is appended to the first one's matches. */
	if (a->count > 2 && last_result() == 0)
		RET_QUIET(glob(P(2), (int)flags | GLOB_APPEND, glob_error, &found));
	long result = last_result();
	size_t first = flags & GLOB_DOOFFS ? found.gl_offs : 0;
	out(" count=%zu", (size_t)found.gl_pathc);
	if (result == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			out_text(found.gl_pathv[first + i]);
		out(" end=%d", found.gl_pathv[first + found.gl_pathc] == NULL);
	}
	globfree(&found);
}

#ifdef __GLIBC__
static void c_glob64(const struct args *a)
{
	glob64_t found;
	memset(&found, 0, sizeof found);
	RET_QUIET(glob64(P(0), (int)N(1, 0), NULL, &found));
	if (last_result() == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			out_text(found.gl_pathv[i]);
	globfree64(&found);
}

static const char *alt_names[] = { "f", "z", NULL };

static void *alt_open(const char *path)
{
	static size_t next;
	out(" alt-open");
	out_text(path);
	next = 0;
	return &next;
}

static struct dirent *alt_read(void *dir)
{
	static struct dirent e;
	size_t *next = dir;
	if (!alt_names[*next])
		return NULL;
	e.d_ino = 1;
	e.d_type = DT_UNKNOWN;
	strcpy(e.d_name, alt_names[(*next)++]);
	return &e;
}

static void alt_close(void *dir)
{
	(void)dir;
}

static int alt_stat(const char *path, struct stat *st)
{
	out(" alt-stat");
	out_text(path);
	memset(st, 0, sizeof *st);
	st->st_mode = S_IFREG;
	return 0;
}

/* The program's own directory functions are to be called with the view's paths. */
static void c_glob_alt(const struct args *a)
{
	glob_t found;
	memset(&found, 0, sizeof found);
	found.gl_opendir = alt_open;
	found.gl_readdir = alt_read;
	found.gl_closedir = alt_close;
	found.gl_stat = found.gl_lstat = alt_stat;
	RET_QUIET(glob(P(0), (int)N(1, 0) | GLOB_ALTDIRFUNC, NULL, &found));
	if (last_result() == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			out_text(found.gl_pathv[i]);
	globfree(&found);
}
#endif

static void c_wordexp(const struct args *a)
{
	wordexp_t words;
	memset(&words, 0, sizeof words);
	RET_QUIET(wordexp(P(0), &words, (int)N(1, 0)));
	if (last_result() == 0) {
		for (size_t i = 0; i < words.we_wordc; i++)
			out_text(words.we_wordv[i]);
		wordfree(&words);
	}
}

const struct call calls_walk[] = { CALL(ftw),	       CALL(nftw),   CALL(glob),
				   CALL(wordexp),
#ifdef __GLIBC__
				   CALL(ftw64),	       CALL(nftw64), CALL(fts),
				   CALL(fts_children), CALL(glob64), CALL(glob_alt),
#endif
				   END_OF_CALLS };
