/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wordexp(3). Its glob is inside libc and reads the shared directories. So a mark is
 * put before the first pattern character of each word. No file name contains it, so the
 * pattern stays, and is expanded here afterwards. Quoting, substitution and splitting
 * remain libc's.
 */
#define _GNU_SOURCE
#include "wrap/exec.h"
#include "wrap/uncovered.h"
#include "wrap/wrap.h"

#include <glob.h>
#include <stdlib.h>
#include <unistd.h>
#include <wordexp.h>

WRAP(int, wordexp, const char *words, wordexp_t *found, int flags);

#ifdef __GLIBC__

static const char mark = '\001';
static const char patterns[] = "*?[";

/* -- Where the marks go -- */

static const char *skip_quoted(const char *at);

/* Skips to after the backquote that closes the one before AT. */
static const char *skip_backquoted(const char *at)
{
	while (*at && *at != '`')
		at += *at == '\\' && at[1] ? 2 : 1;
	return at + (*at == '`');
}

/* Skips to after the bracket CLOSE that closes the one before AT. Quotes hide brackets. */
static const char *skip_nested(const char *at, char open, char close)
{
	int depth = 1;

	while (*at && depth) {
		if (*at == '\\' && at[1]) {
			at += 2;
		} else if (*at == '\'') {
			at += 1 + strcspn(at + 1, "'");
			at += *at == '\'';
		} else if (*at == '"') {
			at = skip_quoted(at + 1);
		} else {
			depth += (*at == open) - (*at == close);
			at++;
		}
	}
	return at;
}

/* Skips the substitution that begins with "$" at AT. */
static const char *skip_dollar(const char *at)
{
	switch (*++at) {
	case '(': return skip_nested(at + 1, '(', ')');
	case '{': return skip_nested(at + 1, '{', '}');
	case '[': return skip_nested(at + 1, '[', ']');
	case '*':
	case '?':
	case '@':
	case '#':
	case '$':
	case '!':
	case '-': return at + 1;
	default: return at; /* a name, or a "$" alone */
	}
}

/* Skips to after the double quote that closes the one before AT. */
static const char *skip_quoted(const char *at)
{
	while (*at && *at != '"') {
		if (*at == '\\' && at[1])
			at += 2;
		else if (*at == '$')
			at = skip_dollar(at);
		else if (*at == '`')
			at = skip_backquoted(at + 1);
		else
			at++;
	}
	return at + (*at == '"');
}

/* Skips the rest of the word whose first pattern character is at AT. */
static const char *skip_pattern(const char *at, const char *separators)
{
	char quote = 0;

	while (*at && !strchr(separators, *at)) {
		if (*at == '$' && quote != '\'') {
			at = skip_dollar(at);
			continue;
		}
		if (*at == '\\' && at[1])
			at++;
		else if (!quote && (*at == '\'' || *at == '"'))
			quote = *at;
		else if (quote && *at == quote)
			quote = 0;
		at++;
	}
	return at;
}

/* The next character from AT on that libc takes for a pattern, or NULL. */
static const char *find_pattern(const char *at)
{
	while (*at && !strchr(patterns, *at)) {
		switch (*at) {
		case '\\': at += at[1] ? 2 : 1; break;
		case '\'':
			at += 1 + strcspn(at + 1, "'");
			at += *at == '\'';
			break;
		case '"': at = skip_quoted(at + 1); break;
		case '`': at = skip_backquoted(at + 1); break;
		case '$': at = skip_dollar(at); break;
		default: at++;
		}
	}
	return *at ? at : NULL;
}

/* Copies WORDS to OUT, which has twice the room, with marks. False: there are none. */
static bool put_marks(const char *words, char *out)
{
	const char *separators = environment_value(environ, "IFS");
	const char *at;
	bool any = false;

	if (!separators)
		separators = " \t\n";
	while ((at = find_pattern(words))) {
		const char *end = skip_pattern(at, separators);

		out = mempcpy(out, words, (size_t)(at - words));
		*out++ = mark;
		out = mempcpy(out, at, (size_t)(end - at));
		words = end;
		any = true;
	}
	strcpy(out, words);
	return any;
}

/* -- Expanding what is marked -- */

static void remove_marks(char *word)
{
	char *to = word;

	for (; *word; word++)
		if (*word != mark)
			*to++ = *word;
	*to = '\0';
}

/* All matches in one word, where nothing is split; or NULL. */
static char *join_words(const glob_t *matches)
{
	size_t size = 1;
	char *word, *at;

	for (size_t i = 0; i < matches->gl_pathc; i++)
		size += strlen(matches->gl_pathv[i]) + 1;
	word = at = malloc(size);
	for (size_t i = 0; word && i < matches->gl_pathc; i++) {
		if (i)
			*at++ = ' ';
		at = stpcpy(at, matches->gl_pathv[i]);
	}
	return word;
}

/* Replaces the word at index AT by N words. False: no memory. */
static bool replace(wordexp_t *found, size_t at, char *const *words, size_t n)
{
	size_t offset = found->we_offs + at;
	size_t behind = found->we_wordc - at; /* with the final NULL */
	char **vector = found->we_wordv;

	if (n > 1)
		vector = realloc(vector, (offset + n + behind) * sizeof *vector);
	if (!vector)
		return false;
	found->we_wordv = vector;
	free(vector[offset]);
	memmove(vector + offset + n, vector + offset + 1, behind * sizeof *vector);
	memcpy(vector + offset, words, n * sizeof *vector);
	found->we_wordc += n - 1;
	return true;
}

/* Expands the word at index AT into *COUNT words. */
static bool expand(wordexp_t *found, size_t at, size_t *count)
{
	const char *separators = environment_value(environ, "IFS");
	char *word = found->we_wordv[found->we_offs + at], *joined;
	glob_t matches;
	bool done;

	*count = 1;
	remove_marks(word);
	if (glob(word, GLOB_NOCHECK, NULL, &matches) != 0)
		return false;
	*count = matches.gl_pathc;
	if (separators && !*separators) {
		joined = join_words(&matches);
		*count = 1;
		done = joined && replace(found, at, &joined, 1);
		globfree(&matches);
		return done;
	}
	done = replace(found, at, matches.gl_pathv, matches.gl_pathc);
	/* The strings belong to the words now. */
	if (done)
		matches.gl_pathc = 0;
	globfree(&matches);
	return done;
}

static __attribute__((noinline)) int expand_marked(const char *marked, wordexp_t *found,
						   int flags)
{
	size_t at = flags & WRDE_APPEND ? found->we_wordc : 0, count;
	int saved = errno, ret = REAL(wordexp)(marked, found, flags);

	if (ret == 0)
		errno = saved; /* no match is no error */
	/* Goes on after an error, so that no mark stays. */
	for (; (ret == 0 || ret == WRDE_NOSPACE) && at < found->we_wordc; at += count) {
		char *word = found->we_wordv[found->we_offs + at];

		count = 1;
		if (!strchr(word, mark))
			continue;
		if (ret)
			remove_marks(word);
		else if (!expand(found, at, &count))
			ret = WRDE_NOSPACE;
	}
	return ret;
}

/* Whether WORDS needs more than libc. */
static bool needs_more(const char *words)
{
	return strpbrk(words, patterns) && !strchr(words, mark) && session_need() == 0 &&
	       pt_view.policy;
}

#endif

static int expand_words(const char *words, wordexp_t *found, int flags)
{
#ifdef __GLIBC__
	if (needs_more(words)) {
		size_t n = strlen(words);
		char *marked = malloc(2 * n + 1);
		int ret;

		if (!marked)
			return WRDE_NOSPACE;
		ret = put_marks(words, marked) ? expand_marked(marked, found, flags) :
						 REAL(wordexp)(words, found, flags);
		free(marked);
		return ret;
	}
#endif
	return REAL(wordexp)(words, found, flags);
}

static bool has_command(const char *words)
{
	return strchr(words, '`') || strstr(words, "$(");
}

int pt_wordexp(const char *words, wordexp_t *found, int flags)
{
	/* Command substitution starts a shell. */
	const bool may_start = !(flags & WRDE_NOCMD) && strpbrk(words, "$`");
	struct shell shell;
	const int error = may_start ? exec_env_mend() : 0;
	int ret;

	if (may_start && has_command(words) && (error || !uncovered_shell(&shell, false)))
		flags |= WRDE_NOCMD;
	ret = expand_words(words, found, flags);
	if (may_start)
		exec_env_mended();
	return ret;
}
