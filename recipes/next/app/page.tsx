import { Search } from './search';

export default function Page() {
  return (
    <main>
      <h1>Tern</h1>
      <Search />
    </main>
  );
}
