/** A search's answer as a help centre might give it: the page that answers the query is not the first. */
export const EXAMPLE_QUERY = 'can I borrow a book for longer';

const HELP = 'https://library.example/help';

export const EXAMPLE_LIST: string = JSON.stringify(
  [
    {
      title: 'Book a study room',
      text: 'Book a room up to two weeks ahead. Keep the number of your booking: you need it to open the door.',
      url: `${HELP}/rooms`,
    },
    {
      title: 'Books for children',
      text: 'Picture books, first readers and longer novels, sorted by age, stand on the ground floor.',
      url: `${HELP}/children`,
    },
    {
      title: 'Opening hours',
      text: 'We are open from 10 to 18, and longer on Thursdays. You can return a book at any hour.',
      url: `${HELP}/hours`,
    },
    {
      title: 'Donate books',
      text: 'We can keep a donated book only if we have a place for it. Most are sold for the benefit of the library.',
      url: `${HELP}/donate`,
    },
    {
      title: 'Reserve a title',
      text: 'Is it out? Reserve it, and we keep it for you for seven days once it is back.',
      url: `${HELP}/reserve`,
    },
    {
      title: 'Lost or damaged items',
      text: 'Tell us if you have lost a book or spilt something on it. You pay what a new one costs.',
      url: `${HELP}/lost`,
    },
    {
      title: 'Renew a loan',
      text: 'If you need a book for longer, extend the due date by three weeks, up to twice, in your account or by telephone, unless somebody else is waiting.',
      url: `${HELP}/renew`,
    },
    {
      title: 'Fees',
      text: 'After the due date each item costs 20 cents a day, until you return it.',
      url: `${HELP}/fees`,
    },
    {
      title: 'Electronic books',
      text: 'Read on your phone or tablet. After 21 days the file closes by itself; nothing has to be returned.',
      url: `${HELP}/electronic`,
    },
    {
      title: 'Join the library',
      text: 'Bring a document with your address. The card is free for everybody who lives here.',
      url: `${HELP}/join`,
    },
  ],
  null,
  2,
);
