/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A script: who interprets it, in which language, and its lines. */
#include "script.h"
#include "policy/text.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INTERPRETERS = 64, LINE = 4096 };

static const struct {
	const char *name; /* of an interpreter, without its version */
	const char *ending;
	enum language language;
} languages[] = {
	{ "sh", ".sh", LANGUAGE_SHELL },     { "bash", ".bash", LANGUAGE_SHELL },
	{ "dash", NULL, LANGUAGE_SHELL },    { "ksh", ".ksh", LANGUAGE_SHELL },
	{ "mksh", NULL, LANGUAGE_SHELL },    { "zsh", ".zsh", LANGUAGE_SHELL },
	{ "busybox", NULL, LANGUAGE_SHELL }, { "python", ".py", LANGUAGE_PYTHON },
	{ "pypy", NULL, LANGUAGE_PYTHON },   { "perl", ".pl", LANGUAGE_PERL },
	{ "ruby", ".rb", LANGUAGE_RUBY },    { "php", ".php", LANGUAGE_PHP },
};

/* -- Its first line -- */

/* The words of the first line behind "#!", at most N. */
static int first_words(const char *text, size_t len, char line[LINE], char *word[], int n)
{
	const char *end = memchr(text, '\n', len);
	size_t size = end ? (size_t)(end - text) : len;
	int words = 0;
	char *save = NULL;

	if (size < 3 || size >= LINE || text[0] != '#' || text[1] != '!')
		return 0;
	memcpy(line, text + 2, size - 2);
	line[size - 2] = '\0';
	for (char *at = strtok_r(line, " \t\r", &save); at && words < n;
	     at = strtok_r(NULL, " \t\r", &save))
		word[words++] = at;
	return words;
}

/* Where PATH has NAME; NULL: nowhere. */
static char *find_in_path(const char *name)
{
	const char *list = getenv("PATH");
	char path[PATH_MAX];

	for (list = list ? list : "/usr/bin:/bin"; *list;) {
		size_t len = strcspn(list, ":");

		if (snprintf(path, sizeof path, "%.*s/%s", (int)len, list, name) <
			    (int)sizeof path &&
		    access(path, X_OK) == 0)
			return strdup(path);
		list += len + (list[len] == ':');
	}
	return NULL;
}

/* The interpreter that the words name: env(1) looks for one by its name. */
static char *interpreter_of(char *word[], int words)
{
	char *found;
	int at = 1;

	if (!words)
		return NULL;
	if (strcmp(text_base(word[0]), "env") != 0)
		return strdup(word[0]);
	while (at < words && (word[at][0] == '-' || strchr(word[at], '=')))
		at++;
	found = at < words ? find_in_path(word[at]) : NULL;
	return found ? found : strdup(word[at < words ? at : 0]);
}

static enum language language_of(const char *interpreter, const char *path)
{
	const char *name = text_base(interpreter ? interpreter : "");
	const char *dot = strrchr(text_base(path), '.');
	size_t len = strcspn(name, "0123456789.-");

	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
		if (len == strlen(languages[i].name) &&
		    !strncmp(name, languages[i].name, len))
			return languages[i].language;
	for (size_t i = 0;
	     !interpreter && dot && i < sizeof languages / sizeof *languages; i++)
		if (languages[i].ending && !strcmp(dot, languages[i].ending))
			return languages[i].language;
	return LANGUAGE_OTHER;
}

/* -- Who interprets it -- */

/* Each interpreter is looked at once. */
static struct {
	char *path;
	struct subject *subject;
} interpreters[INTERPRETERS];

static const struct subject *look_at(const struct shim *shim, const char *path)
{
	struct wrong wrong;
	int i = 0;

	while (i < INTERPRETERS && interpreters[i].path &&
	       strcmp(interpreters[i].path, path) != 0)
		i++;
	if (i == INTERPRETERS)
		return NULL;
	if (!interpreters[i].path) {
		interpreters[i].path = strdup(path);
		/* First: a script may be named as its own interpreter. */
		subject_read(shim, path, false, &interpreters[i].subject, &wrong);
	}
	return interpreters[i].subject;
}

static void judge(struct subject *subject, const struct shim *shim)
{
	const struct subject *by =
		subject->interpreter ? look_at(shim, subject->interpreter) : NULL;

	subject->interpreted_by = by;
	subject->reach = by ? by->reach : REACH_ALL;
	subject->door = by ? by->door : DOOR_PRELOAD;
	if (by)
		for (size_t i = 0; i < by->reasons.n; i++)
			texts_add(&subject->reasons, "its interpreter %s: %s", by->path,
				  by->reasons.text[i]);
	if (by || !subject->interpreter)
		return;
	texts_add(&subject->reasons, "its interpreter %s cannot be looked at",
		  subject->interpreter);
	subject->reach = REACH_NONE;
	subject->door = DOOR_NONE;
}

/* -- Its lines -- */

/* Where the comment of LINE begins: outside of quotes, behind a blank. */
static size_t code_length(const char *line, enum language language)
{
	char quote = '\0', before = ' ';
	size_t i = 0;

	for (; line[i]; before = line[i++]) {
		if (line[i] == '\\' && line[i + 1]) {
			i++;
		} else if (quote) {
			if (line[i] == quote)
				quote = '\0';
		} else if (line[i] == '\'' || line[i] == '"') {
			quote = line[i];
		} else if (line[i] == '#' && isspace((unsigned char)before)) {
			break;
		} else if (language == LANGUAGE_PHP && line[i] == '/' &&
			   line[i + 1] == '/' && isspace((unsigned char)before)) {
			break;
		}
	}
	return i;
}

/* Text between the code: Perl's documentation, Python's strings that stand alone. */
struct prose {
	enum language language;
	const char *end; /* what ends it; NULL: this is code */
};

static bool is_prose(struct prose *prose, const char *line)
{
	const char *at = line + strspn(line, " \t");
	const char *mark = !strncmp(at, "\"\"\"", 3) ? "\"\"\"" :
			   !strncmp(at, "'''", 3)    ? "'''" :
						       NULL;

	if (prose->end) {
		if (strstr(line, prose->end))
			prose->end = NULL;
		return true;
	}
	if (prose->language == LANGUAGE_PERL && line[0] == '=' &&
	    isalpha((unsigned char)line[1]))
		prose->end = "=cut";
	else if (prose->language == LANGUAGE_RUBY && !strncmp(line, "=begin", 6))
		prose->end = "=end";
	else if (prose->language != LANGUAGE_PYTHON || !mark)
		return false;
	else if (!strstr(at + 3, mark))
		prose->end = mark;
	return true;
}

static bool sets_noclobber(const char *line)
{
	const char *at = strstr(line, "set -");

	return at && (strstr(at, "noclobber") ||
		      memchr(at + 5, 'C', strspn(at + 5, "abefhkmnptuvxBCEHPT")));
}

void script_read_lines(struct subject *subject, enum language language, const char *text,
		       size_t len)
{
	struct script_line line = { .language = language };
	struct prose prose = { .language = language };
	char room[LINE];

	for (size_t at = 0; at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t size = end ? (size_t)(end - text) - at : len - at;
		size_t kept = size < LINE ? size : LINE - 1;

		line.number++;
		memcpy(room, text + at, kept);
		room[kept] = '\0';
		at += size + 1;
		if (is_prose(&prose, room) || room[strspn(room, " \t")] == '#')
			continue;
		if (language == LANGUAGE_PERL && !strcmp(room, "__END__"))
			return;
		room[code_length(room, language)] = '\0';
		line.text = room;
		line.exclusive |= language == LANGUAGE_SHELL && sets_noclobber(room);
		script_judge_line(subject, &line);
	}
}

enum subject_outcome subject_read_script(struct subject *subject, const struct shim *shim,
					 const char *text, size_t len, bool deep)
{
	char line[LINE], *word[8];
	int words = first_words(text, len, line, word, 8);
	enum language language;

	subject->interpreter = interpreter_of(word, words);
	language = language_of(subject->interpreter, subject->path);
	if (!subject->interpreter && language == LANGUAGE_OTHER)
		return SUBJECT_NONE;
	judge(subject, shim);
	if (deep)
		script_read_lines(subject, language, text, len);
	return SUBJECT_READ;
}
