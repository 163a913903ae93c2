/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a line of a script does in a shared directory. Judged by its words, as linters do:
 * what a variable holds is not known. "privtmp audit" sees what really happens.
 */
#include "built_in.h"
#include "script.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SHELL (1 << LANGUAGE_SHELL)
#define PYTHON (1 << LANGUAGE_PYTHON)
#define PERL (1 << LANGUAGE_PERL)
#define RUBY (1 << LANGUAGE_RUBY)
#define PHP (1 << LANGUAGE_PHP)

/* A word, and in which languages it means what the table is for. */
struct word {
	const char *text;
	unsigned languages;
};

/* They make a name before there is a file. */
static const struct word insecure[] = {
	{ "tempfile.mktemp", PYTHON },
	{ "os.tempnam", PYTHON },
	{ "os.tmpnam", PYTHON },
	{ "tmpnam", PERL },
	{ "File::Temp::tempnam", PERL },
	{ "File::Temp::mktemp", PERL },
	{ "mktemp(", PERL | PYTHON },
	{ "Dir::Tmpname.create", RUBY },
	{ "Dir::Tmpname.make_tmpname", RUBY },
};

/* What others can know or guess, in a name. */
static const struct word guessed[] = {
	{ "$$", SHELL | PERL },
	{ "${$}", SHELL | PERL },
	{ "$PPID", SHELL },
	{ "$RANDOM", SHELL },
	{ "$USER", SHELL },
	{ "${USER", SHELL },
	{ "$LOGNAME", SHELL },
	{ "$UID", SHELL },
	{ "$(date", SHELL },
	{ "`date", SHELL },
	{ "$0", SHELL | PERL },
	{ "$PID", PERL | RUBY },
	{ "getpid", PYTHON | PERL | PHP },
	{ "time()", PYTHON | PERL | PHP },
	{ "time.time", PYTHON },
	{ "getuid", PYTHON | PERL | PHP },
	{ "getlogin", PYTHON | PERL },
	{ "getpass.getuser", PYTHON },
	{ "$$", RUBY },
	{ "Process.pid", RUBY },
	{ "Time.now", RUBY },
	{ "rand(", PERL | RUBY | PHP },
};

/* What opens a file for writing, with the name behind it. */
static const struct word openers[] = {
	{ "open", PYTHON | PERL | RUBY },
	{ "File.write", RUBY },
	{ "fopen", PHP },
	{ "file_put_contents", PHP },
	{ "write_text", PYTHON },
	{ "write_bytes", PYTHON },
};

/* Commands of a shell that make what their operand names. */
static const char *const makers[] = {
	"tee", "touch", "mkfifo", "of=", "--output", NULL,
};

enum {
	INSECURE = sizeof insecure / sizeof *insecure,
	GUESSED = sizeof guessed / sizeof *guessed,
	OPENERS = sizeof openers / sizeof *openers
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Where TEXT has WORD standing alone, as far as it is of letters; NULL: nowhere. */
static const char *find_word(const char *text, const char *word)
{
	const size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at++) {
		if (at > text && is_word(word[0]) && is_word(at[-1]))
			continue;
		if (is_word(word[len - 1]) && is_word(at[len]))
			continue;
		return at;
	}
	return NULL;
}

static struct finding *find(struct subject *subject, const struct script_line *line,
			    enum rule_id rule, const char *path)
{
	struct finding *finding = subject_find(subject, rule);

	if (!finding)
		return NULL;
	finding->site.script_line = line->number;
	finding->path = path;
	return finding;
}

/* -- Functions that should not be called -- */

static void report_call(struct subject *subject, const struct script_line *line,
			const char *call)
{
	struct finding *finding = find(subject, line, RULE_INSECURE_NAME_API, NULL);

	if (!finding)
		return;
	finding->call = texts_add(&subject->owned, "%.*s", (int)strcspn(call, "("), call);
	finding->message = texts_add(&subject->owned, "It calls %s.", finding->call);
}

/* mktemp -u, in whatever order its options are. */
static bool is_dry_mktemp(const char *text)
{
	const char *at = find_word(text, "mktemp"), *end;

	if (!at)
		return false;
	end = at + strcspn(at, ";|&)`");
	for (at += 6; (at = strchr(at, '-')) && at < end; at++) {
		const size_t len = strspn(at, "-dqptu");

		if (!isspace((unsigned char)at[-1]))
			continue;
		if (!strncmp(at, "--dry-run", 9))
			return true;
		if (at[1] != '-' && memchr(at, 'u', len) && !is_word(at[len]))
			return true;
	}
	return false;
}

static void judge_calls(struct subject *subject, const struct script_line *line)
{
	for (int i = 0; i < INSECURE; i++)
		if ((insecure[i].languages >> line->language & 1) &&
		    find_word(line->text, insecure[i].text)) {
			report_call(subject, line, insecure[i].text);
			return;
		}
	if (line->language == LANGUAGE_SHELL && is_dry_mktemp(line->text))
		report_call(subject, line, "mktemp -u");
}

/* -- Names -- */

/* Whether LEN bytes at AT have one of the words by which a name can be guessed. */
static bool is_guessed(const struct script_line *line, const char *at, size_t len)
{
	for (int i = 0; i < GUESSED; i++)
		if ((guessed[i].languages >> line->language & 1) &&
		    memmem(at, len, guessed[i].text, strlen(guessed[i].text)))
			return true;
	return false;
}

/* Whether it is a redirection's operand: "> /tmp/x". */
static bool is_redirected(const struct script_line *line, const char *at)
{
	while (at > line->text && strchr(" \t\"'", at[-1]))
		at--;
	return at > line->text &&
	       (at[-1] == '>' || (at[-1] == '|' && at - 1 > line->text && at[-2] == '>'));
}

static bool is_made(const struct script_line *line, const char *at)
{
	for (int i = 0; makers[i]; i++) {
		const char *word = find_word(line->text, makers[i]);

		if (word && word < at && !memchr(word, ';', (size_t)(at - word)) &&
		    !memchr(word, '|', (size_t)(at - word)))
			return true;
	}
	return false;
}

/* A mode of writing behind the name at AT: , "w" or ">". */
static bool has_mode(const char *at, const char *end)
{
	for (; (at = strpbrk(at, "\"'")) && at < end; at++)
		if (at[1] && strchr("wa>", at[1]) && strchr("\"'b+>t:", at[2]) && at[2])
			return true;
	return false;
}

/* Whether a call that opens or writes has the name, and makes the file. */
static bool is_opened(const struct script_line *line, const char *at, size_t len)
{
	for (int i = 0; i < OPENERS; i++) {
		const char *call;

		if (!(openers[i].languages >> line->language & 1))
			continue;
		call = find_word(line->text, openers[i].text);
		if (!call || call > at)
			continue;
		if (!strcmp(openers[i].text, "open") || !strcmp(openers[i].text, "fopen"))
			return has_mode(call, at) ||
			       has_mode(at + len, at + strlen(at)) ||
			       (line->language == LANGUAGE_PERL && at[-1] == '>');
		return true;
	}
	return false;
}

static void report_name(struct subject *subject, const struct script_line *line,
			enum rule_id rule, const char *path, const char *message)
{
	struct finding *finding = find(subject, line, rule, path);

	if (finding)
		finding->message = message;
}

static void judge_name(struct subject *subject, const struct script_line *line,
		       const char *at, size_t len)
{
	const bool shell = line->language == LANGUAGE_SHELL;
	/* In other languages than a shell's the name is put together behind the text. */
	const size_t rest = strcspn(at, shell ? " \t;|<>" : ";|");
	const bool is_known = is_guessed(line, at, rest);
	const bool is_written = shell ? is_redirected(line, at) || is_made(line, at) :
					is_opened(line, at, len);
	const char *path = texts_add(&subject->owned, "%.*s", (int)len, at);

	if (!path)
		return;
	if (is_known)
		report_name(subject, line, RULE_PREDICTABLE_NAME, path,
			    "The name is made of what others can know.");
	else if (is_written)
		report_name(subject, line, RULE_PREDICTABLE_NAME, path,
			    "The name is the same in every run.");
	if (is_written && !line->exclusive)
		report_name(subject, line, RULE_MISSING_EXCLUSIVE, path,
			    "It is written to whether or not it is there already.");
	if (!is_known && !is_written)
		report_name(subject, line, RULE_HARDCODED_PATH, path,
			    "A name in a shared directory is written in the script.");
}

static void judge_names(struct subject *subject, const struct script_line *line)
{
	const char *end = line->text + strlen(line->text), *at = line->text;
	struct built_in_found found;

	while ((at = built_in_next(line->text, at, end, &found)))
		if (!built_in_is_harmless(&found))
			judge_name(subject, line, found.path, found.length);
}

/* "${TMPDIR:-/tmp}/name", as "/tmp/name" with blanks before it. */
static void spell_out(char *text)
{
	static const char usual[] = ":-/tmp}/";

	for (char *at = text; (at = strstr(at, usual));) {
		char *begin = at;

		while (begin > text && *begin != '$')
			begin--;
		memset(begin, ' ', (size_t)(at - begin) + 3);
		memcpy(at + 3, "/tmp/", 5);
		at += sizeof usual - 1;
	}
}

void script_judge_line(struct subject *subject, const struct script_line *line)
{
	judge_calls(subject, line);
	if (line->language == LANGUAGE_SHELL)
		spell_out(line->text);
	judge_names(subject, line);
}
