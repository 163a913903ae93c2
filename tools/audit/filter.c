/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which findings count; see filter.h. */
#include "filter.h"
#include "core/report.h"
#include "parts.h"
#include "show.h"
#include "../remedy.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

bool filter_severity(const char *word, enum severity *out)
{
	for (int s = SEVERITY_NOTE; s <= SEVERITY_HIGH; s++)
		if (!strcmp(word, severity_word((enum severity)s))) {
			*out = (enum severity)s;
			return true;
		}
	return false;
}

bool filter_fails(const struct report *report, enum severity least)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *f = &report->findings[i];

		if (finding_counts(f) && f->severity >= least)
			return true;
	}
	return false;
}

/* -- Suppressions -------------------------------------------------------------------- */

static bool matches(const char *pattern, const char *text)
{
	return fnmatch(pattern, text ? text : "", 0) == 0;
}

/* Whether PATTERN is "NAME:LINE" or NAME, as patterns, for this place. */
static bool matches_place(const char *pattern, const char *name, const char *between,
			  unsigned line)
{
	char *text;
	bool yes;

	if (!name)
		return false;
	if (matches(pattern, name))
		return true;
	if (asprintf(&text, "%s%s%u", name, between, line) < 0)
		return false;
	yes = matches(pattern, text);
	free(text);
	return yes;
}

static bool matches_site(const char *pattern, const struct call_site *site)
{
	return matches_place(pattern, site->file, ":", site->line) ||
	       matches_place(pattern, site->script, ":", site->script_line) ||
	       (site->module && matches(pattern, site->module)) ||
	       (site->function && matches(pattern, site->function));
}

/* A line of the file: its words, or NULL. */
struct suppression {
	const char *rule, *path, *site;
};

static void suppress(struct report *report, const struct suppression *s)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		struct finding *f = &report->findings[i];

		if (matches(s->rule, rules[f->rule].name) && matches(s->path, f->path) &&
		    (!s->site || matches_site(s->site, &f->site)))
			f->suppressed = true;
	}
}

/* Whether the word is a pattern that matches the name of a rule. */
static bool names_rule(const char *pattern)
{
	for (size_t i = 0; i < RULES; i++)
		if (matches(pattern, rules[i].name))
			return true;
	return false;
}

/* Splits LINE. Returns what is wrong with it, or NULL. An empty line has no rule. */
static const char *take_apart(char *line, struct suppression *out)
{
	static const char blanks[] = " \t\r\n", mark[] = "\xef\xbb\xbf";
	char *rest, *more;

	if (!strncmp(line, mark, sizeof mark - 1)) /* as some editors begin a file */
		line += sizeof mark - 1;
	out->rule = strtok_r(line, blanks, &rest);
	if (!out->rule || *out->rule == '#') {
		out->rule = NULL;
		return NULL;
	}
	out->path = strtok_r(NULL, blanks, &rest);
	out->site = out->path ? strtok_r(NULL, blanks, &rest) : NULL;
	if (!names_rule(out->rule))
		return "no rule has this name";
	if (!out->path)
		return "has no pattern for a path";
	if (!out->site || *out->site == '#') {
		out->site = NULL;
		return NULL;
	}
	more = strtok_r(NULL, blanks, &rest);
	if (more && *more != '#')
		return "has more than a rule, a path and a place";
	return NULL;
}

enum { OTHERS_MOST = 64 << 20 }; /* bytes of another user's file */

/*
 * Whether a link may lead us to this device. Many have no end, let us wait, or do something
 * when they are opened: it is /dev/null, or the terminal that is standard input.
 */
static bool is_harmless(const struct stat *st)
{
	struct stat in;

	return st->st_rdev == makedev(1, 3) ||
	       (isatty(STDIN_FILENO) && fstat(STDIN_FILENO, &in) == 0 &&
		st->st_rdev == in.st_rdev);
}

static bool is_others(const struct stat *st)
{
	return st->st_uid && st->st_uid != geteuid();
}

/*
 * Whether reading ends as far as another user decides that: who can let us wait for what is
 * in a FIFO, have us read a file without end, or lead us to a device that has none.
 */
static bool is_finite(const struct stat *st)
{
	const bool harmless = S_ISCHR(st->st_mode) && is_harmless(st);

	errno = EACCES;
	if (S_ISCHR(st->st_mode))
		return harmless;
	if (S_ISBLK(st->st_mode))
		return false;
	if (!is_others(st))
		return true;
	if (S_ISREG(st->st_mode))
		errno = EFBIG;
	return !S_ISFIFO(st->st_mode) && st->st_size <= OTHERS_MOST;
}

/* A file that may grow while it is read. */
struct growing {
	int fd;
	size_t left;
};

static ssize_t growing_read(void *cookie, char *to, size_t size)
{
	struct growing *from = cookie;
	ssize_t n;

	if (!from->left) {
		errno = EFBIG;
		return -1;
	}
	n = read(from->fd, to, size);
	if (n > 0)
		from->left -= (size_t)n < from->left ? (size_t)n : from->left;
	return n;
}

static int growing_close(void *cookie)
{
	struct growing *from = cookie;
	const int ret = close(from->fd);

	free(from);
	return ret;
}

/* A stream that reads FD as far as another user's file may reach, or NULL. */
static FILE *open_growing(int fd)
{
	static const cookie_io_functions_t calls = { .read = growing_read,
						     .close = growing_close };
	struct growing *from = malloc(sizeof *from);
	FILE *file = NULL;

	if (from) {
		*from = (struct growing){ fd, (size_t)OTHERS_MOST + 1 };
		file = fopencookie(from, "r", calls);
	}
	if (!file)
		free(from);
	return file;
}

/* Opens NAME to be read, unless another user could keep us at it. */
static FILE *open_unforeign(const char *name)
{
	const int fd = open(name, O_PATH | O_CLOEXEC);
	char path[32];
	struct stat st;
	FILE *file = NULL;
	int error, in = -1;

	if (fd < 0)
		return NULL;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	errno = EACCES;
	if (fstat(fd, &st) == 0 && is_finite(&st))
		in = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in >= 0) {
		file = is_others(&st) ? open_growing(in) : fdopen(in, "r");
		if (!file)
			close(in);
	}
	error = errno;
	close(fd);
	errno = error;
	return file;
}

/* Opens a file that the user has named, or says why not. */
static FILE *open_named(const char *name)
{
	FILE *file = open_unforeign(name);

	if (!file)
		show_report(name, "cannot be read", errno, remedy_of(errno));
	return file;
}

static void complain_line(const char *name, size_t number, const char *what)
{
	char *where;

	if (asprintf(&where, "%s:%zu", name, number) < 0)
		return;
	show_report(where, what, 0, "a line is: RULE PATH [PLACE]");
	free(where);
}

bool filter_suppress(struct report *report, const char *name)
{
	FILE *file = open_named(name);
	char *line = NULL;
	size_t size = 0, number = 0;
	bool right = file;

	while (file && getline(&line, &size, file) >= 0) {
		struct suppression s;
		const char *wrong = take_apart(line, &s);

		number++;
		if (wrong)
			complain_line(name, number, wrong);
		else if (s.rule)
			suppress(report, &s);
		right = right && !wrong;
	}
	if (file && ferror(file)) {
		show_report(name, "cannot be read", errno, remedy_of(errno));
		right = false;
	}
	if (file)
		fclose(file);
	free(line);
	return right;
}

/* -- Baselines ----------------------------------------------------------------------- */

enum { PRINT = 16 }; /* digits of a fingerprint */

struct known {
	char (*at)[PRINT + 1];
	size_t n, room;
};

static bool remember(struct known *known, const char *print)
{
	if (known->n == known->room) {
		size_t room = known->room ? 2 * known->room : 64;
		void *at = realloc(known->at, room * sizeof *known->at);

		if (!at)
			return false;
		known->at = at;
		known->room = room;
	}
	memcpy(known->at[known->n++], print, PRINT + 1);
	return true;
}

static int compare_prints(const void *a, const void *b)
{
	return memcmp(a, b, PRINT);
}

static bool is_print(const char *text)
{
	return strlen(text) == PRINT && strspn(text, "0123456789abcdef") == PRINT;
}

enum { LONGEST_STRING = 32 }; /* longest string that matters here */

/*
 * Reads the JSON string that begins at the quote before FILE's position to OUT, and cuts it
 * if it is too long. False at the file's end.
 */
static bool read_string(FILE *file, char out[LONGEST_STRING])
{
	size_t len = 0;
	int c;

	while ((c = getc(file)) != EOF && c != '"') {
		if (c == '\\' && getc(file) == EOF)
			return false;
		if (len + 1 < LONGEST_STRING)
			out[len++] = (char)c;
	}
	out[len] = '\0';
	return c == '"';
}

/* The next character that is no blank. */
static int next_token(FILE *file)
{
	int c;

	do
		c = getc(file);
	while (c == ' ' || c == '\t' || c == '\n' || c == '\r');
	return c;
}

/*
 * Reads members wherever they are, so a report formatted by jq and SARIF can be read, too.
 * *OURS: the file is a report.
 */
static bool read_prints(FILE *file, struct known *known, bool *ours)
{
	char name[LONGEST_STRING], value[LONGEST_STRING];
	int c = next_token(file);

	*ours = false;
	while (c != EOF) {
		if (c != '"') {
			c = next_token(file);
			continue;
		}
		if (!read_string(file, name))
			return false;
		c = next_token(file);
		if (c != ':')
			continue;
		c = next_token(file);
		if (c != '"')
			continue;
		if (!read_string(file, value))
			return false;
		c = next_token(file);
		if (!strcmp(value, "privtmp") &&
		    (!strcmp(name, "tool") || !strcmp(name, "name")))
			*ours = true;
		if ((!strcmp(name, "fingerprint") || !strcmp(name, "privtmp/v1")) &&
		    is_print(value) && !remember(known, value))
			return false;
	}
	return true;
}

static void mark_known(struct report *report, struct known *known)
{
	if (known->n == 0)
		return;
	qsort(known->at, known->n, sizeof *known->at, compare_prints);
	for (size_t i = 0; i < report->n_findings; i++) {
		struct finding *f = &report->findings[i];
		char print[PRINT + 1];

		finding_fingerprint(f, print);
		if (bsearch(print, known->at, known->n, sizeof *known->at,
			    compare_prints))
			f->baseline = true;
	}
}

bool filter_baseline(struct report *report, const char *name)
{
	FILE *file = open_named(name);
	struct known known = { NULL, 0, 0 };
	bool ours, whole;

	if (!file)
		return false;
	whole = read_prints(file, &known, &ours);
	if (ferror(file))
		show_report(name, "cannot be read", errno, remedy_of(errno));
	else if (!whole || !ours)
		show_report(name, "is no JSON report of privtmp, or not a whole one", 0,
			    "write one with --format json");
	else
		mark_known(report, &known);
	whole = whole && ours && !ferror(file);
	fclose(file);
	free(known.at);
	return whole;
}
