--- The script of the offline model: what ELIZA listens for, and what it says.
--
-- A keyword is `{ rank =, { match =, say = } ... }`. In `match`, `*` is any number of words and
-- `@group` one word of a group of synonyms; both are numbered from the left. In `say`, `(2)` puts
-- part 2 with its pronouns turned round, and `=word` goes on with another keyword.

local script = {}

--- Words that are read as others.
script.before = {
  ["dont"] = "don't", ["cant"] = "can't", ["wont"] = "won't", ["im"] = "i am", ["i'm"] = "i am",
  ["you're"] = "you are", ["youre"] = "you are", ["i've"] = "i have", ["i'd"] = "i would",
  ["i'll"] = "i will", ["mom"] = "mother", ["mum"] = "mother", ["dad"] = "father",
  ["recollect"] = "remember", ["dreamt"] = "dreamed", ["certainly"] = "yes", ["maybe"] = "perhaps",
  ["machines"] = "computer", ["computers"] = "computer", ["program"] = "computer",
}

--- Words that end a clause as a comma does.
script.clause_breaks = { ["but"] = true, ["however"] = true }

--- The turning round of pronouns. ("you" becomes "I" or "me", which the place decides.)
script.reflections = {
  ["i"] = "you", ["me"] = "you", ["my"] = "your", ["mine"] = "yours", ["myself"] = "yourself",
  ["am"] = "are", ["we"] = "you", ["us"] = "you", ["our"] = "your", ["your"] = "my",
  ["yours"] = "mine", ["yourself"] = "myself",
}

--- Words after which "you" is an object.
script.takes_object = {
  "to", "for", "with", "about", "at", "of", "from", "by", "love", "hate", "need", "like", "see",
  "want", "tell", "told", "help", "ask", "asked", "make", "makes", "call", "trust", "know", "than",
}

script.synonyms = {
  belief = { "believe", "feel", "think", "wish", "hope", "suppose", "guess" },
  family = { "mother", "father", "sister", "brother", "wife", "husband", "son", "daughter",
    "children", "parents", "family", "grandmother", "grandfather", "aunt", "uncle" },
  desire = { "want", "need", "desire", "crave" },
  sad = { "sad", "unhappy", "depressed", "sick", "lonely", "tired", "afraid", "worried", "lost" },
  happy = { "happy", "glad", "elated", "better", "proud", "relieved", "excited" },
  cannot = { "can't", "cannot" },
  be = { "am", "is", "are", "was", "were" },
  pet = { "dog", "cat", "horse", "bird", "rabbit" },
}

--- Words that are treated as another keyword.
script.same_as = {
  hi = "hello", hey = "hello", greetings = "hello", cannot = "can't", want = "need",
  desire = "need", crave = "need", feel = "think", believe = "think", hope = "think",
  wish = "think", dreamed = "dream", dreams = "dream", everyone = "always", everybody = "always",
  nobody = "always", never = "always", alike = "like", same = "like", bye = "goodbye",
  how = "what", when = "what", who = "what", where = "what", which = "what", thank = "thanks",
  hate = "angry", furious = "angry", job = "work", boss = "work", colleagues = "work",
}

script.greeting = { "How do you do. What would you like to talk about?" }

script.silence = {
  "You are being rather quiet.", "Take your time. What is on your mind?",
  "I am listening.",
}

script.none = {
  "I am not sure that I follow you. Could you put it another way?",
  "Please go on.", "What does that suggest to you?",
  "Do you feel strongly about such things?", "Tell me more about that.",
  "That is interesting. Please continue.", "And how does that sit with you?",
}

--- What is kept for later, by its first fitting rule.
script.memory = {
  -- A name is not a thing to come back to.
  { match = "* my name *", say = {} },
  { match = "* my *", say = {
    "Let us come back to your (2).", "Earlier you spoke of your (2).",
    "Does that have anything to do with your (2)?",
  } },
}

script.keywords = {
  sorry = { rank = 1, { match = "*", say = {
    "Please do not apologise.", "There is no need to be sorry.",
    "What do you feel when you apologise?",
  } } },
  remember = { rank = 5,
    { match = "* i remember *", say = {
      "Do you often think of (2)?", "What else comes back with (2)?",
      "What in the present reminds you of (2)?",
    } },
    { match = "* do you remember *", say = {
      "Did you think that I would forget (2)?", "What about (2)?",
    } },
  },
  ["if"] = { rank = 3, { match = "* if *", say = {
    "Do you think it is likely that (2)?", "Do you wish that (2)?",
    "What would follow if (2)?",
  } } },
  dream = { rank = 4,
    { match = "* i dreamed *", say = {
      "Really, (2)?", "Have you ever imagined (2) while you were awake?",
    } },
    { match = "*", say = {
      "What does that dream suggest to you?", "Who appears in your dreams?",
      "Do your dreams trouble you?",
    } },
  },
  perhaps = { rank = 0, { match = "*", say = {
    "You do not seem quite certain.", "Why the doubt?", "Can you not be more positive?",
  } } },
  hello = { rank = 0, { match = "*", say = {
    "How do you do. Please tell me what is on your mind.",
    "Hello. What shall we talk about?",
  } } },
  goodbye = { rank = 6, { match = "*", say = {
    "Goodbye. Thank you for the conversation.", "Goodbye. I hope that it was of use.",
  } } },
  thanks = { rank = 1, { match = "*", say = {
    "You are welcome. What else is on your mind?", "It was nothing. Please go on.",
  } } },
  computer = { rank = 50, { match = "*", say = {
    "Do computers worry you?", "Why do you mention computers?",
    "What do you think machines have to do with it?",
    "Does it trouble you to talk to one?",
  } } },
  name = { rank = 15,
    { match = "* my name is *", say = {
      "I am pleased to meet you, (2). What brings you here?",
    } },
    { match = "* your name *", say = { "My name is Eliza. And what is on your mind?" } },
    { match = "*", say = { "Names do not matter much to me. Please go on." } },
  },
  am = { rank = 0,
    { match = "* am i *", say = {
      "Do you believe that you are (2)?", "Would you want to be (2)?",
    } },
    { match = "*", say = { "=i" } },
  },
  are = { rank = 0,
    { match = "* are you *", say = {
      "Why does it interest you whether I am (2)?", "Perhaps I am (2) in your imagination.",
      "Would you rather that I were not (2)?",
    } },
    { match = "* are *", say = {
      "Did you think that they might not be (2)?", "What if they were not (2)?",
      "Are they always (2)?",
    } },
  },
  your = { rank = 0, { match = "* your *", say = {
    "Why are you concerned about my (2)?", "What about your own (2)?",
    "Are you worried about someone else's (2)?",
  } } },
  was = { rank = 2,
    { match = "* was i *", say = { "What if you were (2)?", "Do you think you were (2)?" } },
    { match = "* i was *", say = { "Were you really?", "Why do you tell me now that you were (2)?" } },
    { match = "* was you *", say = { "What makes you think that I was (2)?" } },
  },
  angry = { rank = 7, { match = "*", say = {
    "Where does that anger come from?", "Do you often feel that way?",
    "What would make you less angry?",
  } } },
  work = { rank = 6, { match = "*", say = {
    "Tell me more about your work.", "What would a good day at work be like?",
    "Who makes your work easier, and who makes it harder?",
  } } },
  i = { rank = 1,
    { match = "* i am * @sad *", say = {
      "I am sorry to hear that you are (3).", "Do you think that talking will help you not to be (3)?",
      "Can you say what made you (3)?",
    } },
    { match = "* i am * @happy *", say = {
      "What made you (3) just now?", "Have I helped you to be (3)?",
    } },
    { match = "* i was *", say = { "=was" } },
    { match = "* i * @cannot *", say = {
      "How do you know that you cannot (4)?", "Have you tried to (4)?",
      "What would it mean to you if you could (4)?",
    } },
    { match = "* i don't *", say = { "Do you really not (2)?", "Why do you not (2)?", "Do you wish to (2)?" } },
    { match = "* i am *", say = {
      "How long have you been (2)?", "Do you believe it is normal to be (2)?",
      "What is it like to be (2)?",
    } },
    { match = "* i * you", say = { "Perhaps in your fantasy we (2) each other.", "Why do you (2) me?" } },
    { match = "* i *", say = {
      "You (2)? Please go on.", "Can you say more about that?", "Why do you say that you (2)?",
    } },
  },
  need = { rank = 4,
    { match = "* i @desire *", say = {
      "What would it mean to you if you got (3)?", "Why do you (2) (3)?",
      "Suppose you got (3) soon. What then?",
    } },
    { match = "*", say = { "=i" } },
  },
  think = { rank = 2,
    { match = "* do you @belief *", say = { "It is your view that matters here. What do you think?" } },
    { match = "* i @belief *", say = {
      "Do you really (2) so?", "Why do you (2) (3)?", "Are you sure that you (2) (3)?",
    } },
    { match = "*", say = { "=i" } },
  },
  ["can't"] = { rank = 2,
    { match = "* i @cannot *", say = {
      "How do you know that you cannot (3)?", "Have you tried to (3)?",
      "What keeps you from trying to (3)?",
    } },
    { match = "*", say = { "What would make it possible?" } },
  },
  you = { rank = 0,
    { match = "* you remind me of *", say = { "In what way?", "What is it that you see in both of us?" } },
    { match = "* you are *", say = {
      "What makes you think that I am (2)?", "Does it please you to believe that I am (2)?",
    } },
    { match = "* you * me *", say = { "Why do you think that I (2) you?", "Does someone else (2) you?" } },
    { match = "* you *", say = {
      "We were speaking of you, not of me.", "Why do you say that I (2)?", "Oh, I (2)?",
    } },
  },
  yes = { rank = 0, { match = "*", say = { "You seem quite sure.", "I see. Please go on.", "I understand." } } },
  no = { rank = 0, { match = "*", say = {
    "Why not?", "Are you saying no just to be contrary?", "You are being a little negative.",
  } } },
  my = { rank = 3,
    { match = "* my * @family *", say = {
      "Tell me more about your family.", "Who else in your family comes to mind?",
      "What else do you think of when you think of your (3)?",
    } },
    { match = "* my * @pet *", say = {
      "How long have you had your (3)?", "What does your (3) mean to you?",
    } },
    -- A name is not a thing to come back to.
  { match = "* my name *", say = {} },
  { match = "* my *", say = {
      "Your (2)?", "Why do you say your (2)?", "Is it important to you that your (2)?",
    } },
  },
  can = { rank = 0,
    { match = "* can you *", say = {
      "You believe that I can (2), do you not?", "Perhaps you would like to be able to (2) yourself.",
    } },
    { match = "* can i *", say = { "Do you want to be able to (2)?", "What would it take to (2)?" } },
  },
  what = { rank = 0, { match = "*", say = {
    "Why do you ask?", "What answer would please you most?", "What do you think yourself?",
    "What comes to mind when you ask that?", "Have you asked anyone else?",
  } } },
  because = { rank = 1, { match = "*", say = {
    "Is that the real reason?", "Do other reasons come to mind?", "What else does it explain?",
  } } },
  why = { rank = 1,
    { match = "* why don't you *", say = { "Perhaps I will (2) in good time.", "Should you not (2) yourself?" } },
    { match = "* why can't i *", say = { "Do you think that you should be able to (2)?" } },
    { match = "*", say = { "=what" } },
  },
  always = { rank = 2, { match = "*", say = {
    "Can you think of an example?", "Really, without any exception?", "Who in particular?",
  } } },
  like = { rank = 8,
    { match = "* @be * like *", say = {
      "In what way?", "What resemblance do you see?", "What does that likeness suggest to you?",
    } },
    { match = "*", say = { "=i" } },
  },
}

return script
