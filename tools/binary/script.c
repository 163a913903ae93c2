/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A script: who interprets it, in which language, and its lines. */
#include "script.h"
#include "../interpreter.h"
#include "policy/text.h"
#include "search_path.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INTERPRETERS = 64, LINE = 4096, WORDS = 16 };

/*
 * What separates words: in a first line, where the kernel takes a carriage return for a part
 * of the name, and in what env(1) splits.
 */
#define BLANKS " \t"
#define ENV_BLANKS " \t\n\v\f\r"

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

/*
 * What the first line has behind "#!", as the kernel takes it: the interpreter, and all the
 * rest as one *ARGUMENT, "" if there is none. NULL: it names no interpreter.
 */
static char *first_line(const char *text, size_t len, char line[LINE], char **argument)
{
	const char *end = memchr(text, '\n', len);
	size_t size = end ? (size_t)(end - text) : len;
	char *name;

	if (size < 3 || size >= LINE || text[0] != '#' || text[1] != '!')
		return NULL;
	memcpy(line, text + 2, size - 2);
	line[size - 2] = '\0';
	for (size_t last = strlen(line); last && strchr(BLANKS, line[last - 1]);)
		line[--last] = '\0';
	name = line + strspn(line, BLANKS);
	*argument = name + strcspn(name, BLANKS);
	if (**argument)
		*(*argument)++ = '\0';
	*argument += strspn(*argument, BLANKS);
	return *name ? name : NULL;
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* Where PATH has NAME, as execvp(3) looks for it; NULL: nowhere. */
static char *find_in_path(const char *name)
{
	char path[PATH_MAX];

	if (strchr(name, '/'))
		return NULL;
	for (const char *list = search_path_begin(); list;)
		if (search_path_next(&list, name, path) && is_program(path))
			return strdup(path);
	return NULL;
}

/* -- What env(1) executes -- */

/*
 * Takes WORD, which are options in one word. Those that take a value have it in the rest of
 * the word, or else in the next one, which is then skipped by *AT. What -S splits is the
 * rest: NULL where there is none.
 */
static char *take_options(char *word, int *at)
{
	for (char *option = word + 1; *option; option++) {
		if (*option == 'S')
			return option[1] ? option + 1 : NULL;
		if (strchr("uCa", *option)) {
			*at += !option[1];
			return NULL;
		}
	}
	return NULL;
}

/* The same for a long option. */
static char *take_long_option(char *word, int *at)
{
	static const char split[] = "--split-string=";

	if (!strncmp(word, split, sizeof split - 1))
		return word[sizeof split - 1] ? word + sizeof split - 1 : NULL;
	*at += !strcmp(word, "--unset") || !strcmp(word, "--chdir") ||
	       !strcmp(word, "--argv0");
	return NULL;
}

/* What -S makes of the backslash at *AT, outside of single quotes; '\0': the text ends. */
static char escaped(const char **at, bool quoted)
{
	static const char plain[] = "fnrtv", meant[] = "\f\n\r\t\v";
	const char *is;

	if (!(*at)[1])
		return '\0';
	(*at)++;
	if (**at == 'c')
		return '\0';
	if (**at == '_')
		return quoted ? ' ' : '\t';
	is = strchr(plain, **at);
	return is ? meant[is - plain] : **at;
}

/*
 * Splits TEXT in its place into at most N words, as env -S does, with that option or not.
 * What a variable holds is not known here: ${NAME} stays.
 */
static int split_string(char *text, char *word[], int n)
{
	char *to = text, quote = '\0';
	bool open = false;
	int words = 0;

	for (const char *at = text; *at; at++) {
		char c = *at;
		bool ends = !quote && strchr(ENV_BLANKS, c);

		if (!open && !quote && c == '#')
			break;
		if (c == '\\' && (quote != '\'' || (at[1] && strchr("\\'", at[1])))) {
			ends = !quote && at[1] == '_';
			c = escaped(&at, quote);
			if (!c)
				break;
		} else if (quote ? c == quote : c == '\'' || c == '"') {
			quote = quote ? '\0' : c;
			c = '\0';
		}
		if (ends) {
			if (open)
				*to++ = '\0';
			open = false;
			continue;
		}
		if (!open && words == n)
			break;
		if (!open)
			word[words++] = to;
		open = true;
		if (c)
			*to++ = c;
	}
	*to = '\0';
	return words;
}

/* The command among env's words; NULL: none. */
static char *command_of_env(char *word[], int words)
{
	for (int at = 0; at < words; at++) {
		char *rest = word[at];

		while (rest && rest[0] == '-')
			rest = rest[1] == '-' ? take_long_option(rest, &at) :
						take_options(rest, &at);
		if (rest && !strchr(rest, '='))
			return rest;
	}
	return NULL;
}

/* The interpreter that the first line names: env(1) looks for one by its name. */
static char *interpreter_of(const char *name, char *argument)
{
	char *word[WORDS], *command, *found;

	if (!name)
		return NULL;
	if (strcmp(text_base(name), "env") != 0)
		return strdup(name);
	/* Without an option it is one word. */
	word[0] = argument;
	command = command_of_env(word, argument[0] && argument[0] != '-' ?
					       1 :
					       split_string(argument, word, WORDS));
	found = command ? find_in_path(command) : NULL;
	return found ? found : strdup(command ? command : name);
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
	const struct subject *by;

	/* It takes the door that the script needs. */
	if (interpreter_runs(subject->path)) {
		subject->reach = REACH_ALL;
		subject->door = DOOR_PRELOAD;
		return;
	}
	by = subject->interpreter ? look_at(shim, subject->interpreter) : NULL;
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
	char line[LINE], *argument = NULL;
	const char *name = first_line(text, len, line, &argument);
	enum language language;

	subject->interpreter = interpreter_of(name, argument);
	language = language_of(subject->interpreter, subject->path);
	if (!subject->interpreter && language == LANGUAGE_OTHER)
		return SUBJECT_NONE;
	judge(subject, shim);
	if (deep)
		script_read_lines(subject, language, text, len);
	return SUBJECT_READ;
}
